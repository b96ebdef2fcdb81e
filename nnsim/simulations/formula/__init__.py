"""Formulas given as text: read, differentiated exactly, printed, worked out (course topic C9)."""

from nnsim.simulations.formula.derivative import derivative, gradient, hessian
from nnsim.simulations.formula.error import FormulaError
from nnsim.simulations.formula.printing import printed, substituted, written
from nnsim.simulations.formula.program import Program
from nnsim.simulations.formula.reading import read_formula
from nnsim.simulations.formula.tree import FUNCTIONS, Tree, symbols_of

__all__ = [
    "FUNCTIONS",
    "FormulaError",
    "Program",
    "Tree",
    "derivative",
    "gradient",
    "hessian",
    "printed",
    "read_formula",
    "substituted",
    "symbols_of",
    "written",
]
