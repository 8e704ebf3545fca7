"""Numbers that the machine does not compute with, as those that it does.

After it no operation deals with complex numbers, nor with half precision beyond what the machine
has instructions for. `parts` is the pass for complex numbers; `reductions`, `orders` and, for what
is computed element by element, `functions` say how operations are taken apart. `halves` is the one
for float16, `native_halves` what it does for machines that know it.
"""
