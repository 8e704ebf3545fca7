"""The SSA core: types, attributes, operations, text, verification, rewriting, passes.

MLIR's model in MLIR 19's spelling. One core serves every level from `numpy` to `rv` and `vm`.
"""
