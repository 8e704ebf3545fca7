"""ONNX: a function's graph in the format that onnxruntime and others take.

In: a `Graph` of the numpy stage. Out: a file, and back. The one idea: `operators` says what each
operation is in ONNX, `patterns` which groups of them have a name there, `wire` and `schema` how
messages become bytes; nothing here needs the ONNX project's own package.
"""
