"""Numbers that the machine does not compute with, as those that it does.

After it no operation deals with complex numbers or half precision. `parts` is the pass for complex
numbers; `reductions`, `orders` and, for what is computed element by element, `functions` say how
operations are taken apart. `halves` is the one for float16.
"""
