"""Optimizers going down a surface side by side (course topics A3, C4-C6, C8, C9)."""
