"""Instructions as x86-64 machine code, written from Python into an executable page.

`executor` connects the parts: `x86` encodes host instructions, `state` lays out the memory that
host code and Python share, `stub` holds what all host code of an instruction has in common.
`stubs` writes it for each vector instruction; one without a stub is the reference executor's.
`scalars` writes it for runs of scalar instructions.
"""
