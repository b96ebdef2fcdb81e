"""The loop of the course beside its matrix form, an example a step (course topic A4)."""
