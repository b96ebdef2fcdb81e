"""The terminal UI: a gallery of scenarios, and a lab in which a run is stepped, inspected, forked."""
