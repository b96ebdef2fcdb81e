"""Works out what a formula's text says, so that a wrong number in it is noticed."""

import ast
import operator

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def equal(text: str, digits: float = 3e-3) -> bool:
    """Return whether all parts of "v_2 = 0.98 x 0.8 + 0.02 x 49 = 1.764" that are sums agree.

    Numbers are written in few digits: what comes out may differ by the part `digits` of the
    largest number on the way.
    """
    values, sizes = [], [0.0]
    for part in text.replace(":=", "=").split(" = "):
        tree = _parsed(part)
        if tree is not None:
            values.append(_value(tree, sizes))
    return all(abs(value - values[-1]) <= digits * max(sizes) for value in values)


def _parsed(part: str) -> ast.expr | None:
    text = part.replace(" x ", " * ").replace("^", "**")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    names = any(isinstance(node, ast.Name | ast.Call) for node in ast.walk(tree))
    return None if names else tree


def _value(tree: ast.expr, sizes: list[float]) -> float:
    if isinstance(tree, ast.Constant):
        found = float(tree.value)
    elif isinstance(tree, ast.UnaryOp):
        found = -_value(tree.operand, sizes)
    else:
        assert isinstance(tree, ast.BinOp), ast.dump(tree)
        left, right = _value(tree.left, sizes), _value(tree.right, sizes)
        found = OPERATIONS[type(tree.op)](left, right)
        if isinstance(tree.op, ast.Pow):
            return found
    sizes.append(abs(found))
    return found
