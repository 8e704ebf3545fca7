"""The vector unit: RVV 1.0 for any VLEN from 128 to 65536 bits, ELEN 64, executed with NumPy.

    config       vtype and vl: one `Configuration` for each pair
    operands     fields of an instruction word to NumPy views, and the manual's legality rules
    elementwise  binding of what works element by element
    fma, softfloat, environment
                 exact floating point: fused multiply-add, single numbers, the host's arithmetic
    unit         architectural state, decoding into blocks of bound steps, running them
    integer, fixedpoint, floating, multiply_add, conversion, masks, permutation, reduction,
    loadstore    what instructions do: tables from stem to function, and the binders that use them

An instruction is decoded and checked once for each (address, vtype, vl) and becomes a *step*: a
function without arguments that works on views made beforehand. Running it again is one call.
"""
