"""What the gallery shows: read quickly (no pydantic, no NumPy), drawn as lines."""
