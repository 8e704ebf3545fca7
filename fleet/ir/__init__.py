"""The SSA core: types, attributes, operations, text, verification, rewriting, passes.

MLIR's model in MLIR 19's spelling. One core serves every level from `numpy` to `rv` and `vm`.
Regions nest as statements do (an `elif` of 500 branches is 500 regions deep), and whatever reads
them recurses, so where there is IR, Python has the room for it.
"""

from fleet.recursion import make_room

MAX_DEPTH = 1000
"""Regions within each other that every pass, executor and text form takes."""

make_room(30 * MAX_DEPTH)
