"""Settings that all tests share."""

from hypothesis import settings

# The first example of a property test may wait for Numba to compile, so no deadline; the same
# examples every time, so that a red run can be repeated from its log alone.
settings.register_profile("nnsim", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("nnsim")
