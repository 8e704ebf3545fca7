    vfmul.vf v0, v0, a0
    addi a0, a0, 5000
    frob a0
    lw a0, a1
.macro twice r
    add \r, \r, \r
.endm
    twice t7
