"""Complex numbers as pairs of floats: `complex-to-parts`.

From here on no operation deals with complex numbers. The pass is `parts`; how each kind of operation
is taken apart say `layout`, `reductions` and, for what is computed element by element, `functions`.
"""
