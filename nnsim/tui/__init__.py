"""The terminal UI: a gallery of scenarios, and a lab to step, inspect and fork their runs."""
