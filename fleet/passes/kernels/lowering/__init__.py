"""From kernels on tensors to loops over buffers."""
