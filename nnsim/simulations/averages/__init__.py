"""Exponentially weighted averages, a value a step (course topics C2, C3)."""
