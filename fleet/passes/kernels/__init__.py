"""From structured operations to kernels, and from kernels to loops over buffers.

The rooms in the order of their imports: `checks` ← `arrays` ← `lowering` ← `formation`.
"""
