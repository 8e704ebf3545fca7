"""Modules of Python's library, in Python, evaluated by our own front end when first imported.

In: what programs call. Out: CPython's results, errors and texts. The one idea: what is a pure
algorithm there is one here, so it works on run-time values wherever the language does.
"""
