"""The gradient check, a parameter a step (course topics B13, B14)."""
