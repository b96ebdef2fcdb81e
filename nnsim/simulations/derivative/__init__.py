"""Difference quotients, an epsilon a step (course topic B12)."""
