"""The front end: source text to tokens, tokens to a tree, and the tree, evaluated in stages, to IR.

In: the text of a Python program. Out: a tree whose nodes have the names of CPython's `ast`
(`parser.parse`), which the staged evaluator walks. The one idea: CPython is the judge of every
step, so tokens, tree and errors are what it would produce from the same text.
"""
