"""Which operations and which loops of a program become kernels."""
