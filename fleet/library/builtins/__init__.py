"""Python's builtin functions, on values known now or then.

In: the evaluator. Out: its table of builtins by name, and of constructors by type. The one idea:
each function asks first whether anything in its arguments is known at run time only; if not, it is
Python's own.
"""
