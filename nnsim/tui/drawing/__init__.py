"""Pure drawing: data, a look, a width and a height become lines of cells."""
