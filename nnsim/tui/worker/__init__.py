"""The thread that owns the simulations: commands go in, frozen frames come out.

`commands` and `frames` are light; only `session` and what it imports bring in Numba, and only the
worker's own thread imports those.
"""
