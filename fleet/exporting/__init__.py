"""A function of a program as a graph for other tools: MLIR, ONNX.

In: a program and the name of a function, or a live one, and what its arguments are. Out: a file of
one of the formats. The one idea: `graph` holds the function at the numpy stage, as the pipeline
begins with it, with flat names; a format is what writes that, and `formats` is the table of them.
"""
