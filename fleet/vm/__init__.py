"""Schedule to bytecode, and the machine that runs it.

In: a module whose kernels are in the `loop` dialect and whose other functions (the schedule)
work on tensors. Out: bytecode, and its execution on a device that runs the kernels. The one idea:
the schedule owns every buffer, so its lifetime is decided here, once, before anything runs.
"""
