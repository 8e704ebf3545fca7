"""From structured operations to kernels, and from kernels to loops over buffers."""
