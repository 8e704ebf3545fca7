"""Random numbers at run time, in Python: the bit generators and the distributions of NumPy.

The `.py` files beside this one are evaluated into one scope when a program first draws from a
generator whose state is known at run time only. `state` is a `Pcg64` or a `Mt19937` of
`fleet.library.random_numbers.state`; ints of 64 and 32 bits that wrap are NumPy's scalars.
"""
