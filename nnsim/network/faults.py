"""Where a planted fault (course topic B14) sits while the program runs."""

from nnsim.kernels.jit import body


@body
def has_fault(settings, fault, number):
    """Tell whether `fault` is planted in layer `number` (a planted layer 0 means every layer)."""
    return settings.fault == fault and (settings.fault_layer == 0 or settings.fault_layer == number)
