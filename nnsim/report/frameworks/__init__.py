"""A scenario as a script for another framework, whose numbers agree (course topics C9, D12)."""
