"""Complex numbers as pairs of floats: `complex-to-parts`.

After it no operation deals with complex numbers. The pass is `parts`; `reductions` and, for what
is computed element by element, `functions` say how operations are taken apart.
"""
