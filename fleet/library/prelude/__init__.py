"""NumPy's functions, written in Python over a few primitives and evaluated by our own front end.

The `.py` files beside this one are not imported: they are programs for the evaluator, which
evaluates them into one common scope when a program imports numpy. `primitives` is what
`fleet.evaluator.backends.eager` and `fleet.evaluator.backends.staged` both define.
"""
