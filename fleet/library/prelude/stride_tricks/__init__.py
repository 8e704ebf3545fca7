"""numpy.lib.stride_tricks."""
