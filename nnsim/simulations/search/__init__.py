"""Hyperparameter search as something that can be stepped through (course topics D1 to D5)."""
