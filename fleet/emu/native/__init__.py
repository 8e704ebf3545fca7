"""Vector instructions as x86-64 machine code, written from Python into an executable page.

`executor` connects the parts: `x86` encodes host instructions, `state` lays out the memory that
host code and Python share, `stub` holds what all stubs have in common, and the others write the
stub of one vector instruction each. An instruction without a stub is the reference executor's.
"""
