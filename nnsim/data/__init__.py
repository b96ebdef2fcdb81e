"""Where examples come from, how they are split and normalised."""
