"""Python's objects at run time: what host services on lists, dictionaries, sets and texts do.

In: operands as Python's own objects. Out: results in the same form. The one idea: a program's data
whose shape only run time knows are CPython's own lists, dicts, sets, deques, iterators and ints of
any length, kept by the host; the program holds numbers that name them. So what they do, cost, print
and raise is CPython's by construction, on every executor.

names ← instances ← attributes, forms, texts, iterating ← functions ← services
"""
