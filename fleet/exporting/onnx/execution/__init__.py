"""A model run with NumPy: what the specification says of each operator, and no more.

In: a `Model` and arrays by its inputs' names. Out: arrays by its outputs' names. The one idea: an
operator is a row of a table, a function of arrays and attributes; this is what our graphs mean, and
what another's runtime gives is compared with it. Source: onnx/docs/Operators.md, opset 21.
"""
