"""Names of registers, CSRs, rounding modes, fence sets and vector types, both ways.

Sources: the psABI (register names), the unprivileged and privileged manuals (CSR listing).
"""

from __future__ import annotations

from collections.abc import Iterator

X_NAMES = tuple(
    "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7"
    " s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split()
)
F_NAMES = tuple(
    "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7"
    " fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11".split()
)
V_NAMES = tuple(f"v{n}" for n in range(32))

REGISTERS: dict[str, dict[str, int]] = {
    "x": {name: n for n, name in enumerate(X_NAMES)}
    | {f"x{n}": n for n in range(32)}
    | {"fp": 8},
    "f": {name: n for n, name in enumerate(F_NAMES)} | {f"f{n}": n for n in range(32)},
    "v": {name: n for n, name in enumerate(V_NAMES)},
}
ALL_REGISTERS = frozenset(name for names in REGISTERS.values() for name in names)
REGISTER_NAMES = {"x": X_NAMES, "f": F_NAMES, "v": V_NAMES}

ROUNDING_MODES = {"rne": 0, "rtz": 1, "rdn": 2, "rup": 3, "rmm": 4, "dyn": 7}
ROUNDING_NAMES = {number: name for name, number in ROUNDING_MODES.items()}

FLI_VALUES: tuple[float | str, ...] = (
    -1.0, "min", 2**-16, 2**-15, 2**-8, 2**-7, 0.0625, 0.125, 0.25, 0.3125, 0.375, 0.4375, 0.5,
    0.625, 0.75, 0.875, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 8.0, 16.0, 128.0, 256.0, 2.0**15,
    2.0**16, "inf", "nan",
)  # fmt: skip
"""What `fli` loads, by number; "min" is the smallest normal number of the format."""


def format_fli(number: int) -> str:
    """A constant of `fli` as objdump writes it: `0x1.4p+0`, `min`."""
    value = FLI_VALUES[number]
    if isinstance(value, str):
        return value
    mantissa, exponent = value.hex().split("p")
    return f"{mantissa.rstrip('0').removesuffix('.')}p{exponent}"


def parse_fli(text: str) -> int | None:
    """The number of a constant of `fli`, written decimal, hexadecimal or by name; None if none."""
    word = text.lower().removeprefix("+")
    if word in FLI_VALUES:
        return FLI_VALUES.index(word)
    try:
        value = float.fromhex(word) if "0x" in word else float(word)
    except (ValueError, OverflowError):
        return None
    return FLI_VALUES.index(value) if value in FLI_VALUES else None


# Runs of consecutive numbers, `-` for none; `name{3..31}` for numbered ones.
CSR_RUNS = """
001 fflags frm fcsr - - - - vstart vxsat vxrm
00f vcsr
015 seed
100 sstatus - - - sie stvec scounteren - - - senvcfg
10c sstateen{0..3}
140 sscratch sepc scause stval sip
14d stimecmp
150 siselect sireg
15c stopei
180 satp
200 vsstatus
204 vsie vstvec
240 vsscratch vsepc vscause vstval vsip
24d vstimecmp
250 vsiselect vsireg
25c vstopei
280 vsatp
300 mstatus misa medeleg mideleg mie mtvec mcounteren - mvien mvip menvcfg
30c mstateen{0..3}
320 mcountinhibit - - mhpmevent{3..31}
340 mscratch mepc mcause mtval mip
34a mtinst mtval2
350 miselect mireg
35c mtopei
3a0 pmpcfg{0..15}
3b0 pmpaddr{0..63}
5a8 scontext
600 hstatus - hedeleg hideleg hie htimedelta hcounteren hgeie hvien hvictl henvcfg
60c hstateen{0..3}
643 htval hip hvip hviprio1 hviprio2 - - htinst
680 hgatp
6a8 hcontext
747 mseccfg
7a0 tselect tdata1 tdata2 tdata3 tinfo tcontrol - - mcontext - mscontext
7b0 dcsr dpc dscratch0 dscratch1
b00 mcycle - minstret mhpmcounter{3..31}
c00 cycle time instret hpmcounter{3..31} vl vtype vlenb
da0 scountovf
db0 stopi
e12 hgeip
eb0 vstopi
f11 mvendorid marchid mimpid mhartid mconfigptr
fb0 mtopi
"""

# Upper halves of 64-bit CSRs, which RV32 alone has: known by name as in GNU's tools.
CSR_RUNS_OF_RV32 = """
114 sieh
154 siph
15d stimecmph
214 vsieh
254 vsiph
25d vstimecmph
310 mstatush - - midelegh mieh
318 mvienh mviph menvcfgh - mstateen{0..3}h
354 miph
613 hidelegh - htimedeltah
618 hvienh - henvcfgh - hstateen{0..3}h
655 hviph hviprio1h hviprio2h
723 mhpmevent{3..31}h
757 mseccfgh
b80 mcycleh - minstreth mhpmcounter{3..31}h
c80 cycleh timeh instreth hpmcounter{3..31}h
"""


def _csrs(runs: str) -> Iterator[tuple[str, int]]:
    for line in runs.strip().splitlines():
        first, *names = line.split()
        number = int(first, 16)
        for name in names:
            stem, brace, bounds = name.partition("{")
            expanded = [name]
            if brace:
                bounds, _, end = bounds.partition("}")
                low, high = map(int, bounds.split(".."))
                expanded = [f"{stem}{n}{end}" for n in range(low, high + 1)]
            for each in expanded:
                if each != "-":
                    yield each, number
                number += 1


# Names of earlier versions of the privileged manual, second names, and those of extensions that
# GNU's tools before 2.41 do not know, which assemblers take.
OTHER_CSR_NAMES = """
000 ustatus - - - uie utvec
011 ssp
017 jvt
14e sctrctl sctrstatus
152 sireg2 sireg3
155 sireg4 sireg5 sireg6
15f sctrdepth
24e vsctrctl
252 vsireg2 vsireg3
255 vsireg4 vsireg5 vsireg6
321 mcyclecfg minstretcfg
34e mctrctl
352 mireg2 mireg3
355 mireg4 mireg5 mireg6
721 mcyclecfgh minstretcfgh
740 mnscratch mnepc mncause - mnstatus
040 uscratch uepc ucause utval uip
043 ubadaddr
102 sedeleg sideleg
143 sbadaddr
180 sptbr
320 mucounteren mscounteren mhcounteren
343 mbadaddr
380 mbase mbound mibase mibound mdbase mdbound
7a1 mcontrol
7a1 mcontrol6
7a1 icount
7a1 itrigger
7a1 etrigger
7a1 tmexttrigger
7a3 textra32
7a3 textra64
7b2 dscratch
"""

CSR_NAMES: dict[int, str] = {n: name for name, n in _csrs(CSR_RUNS + CSR_RUNS_OF_RV32.lstrip())}
CSRS: dict[str, int] = {name: n for n, name in CSR_NAMES.items()} | dict(_csrs(OTHER_CSR_NAMES))

SEWS = {f"e{8 << n}": n for n in range(8)}
LMULS = {"m1": 0, "m2": 1, "m4": 2, "m8": 3, "mf8": 5, "mf4": 6, "mf2": 7}
LMUL_NAMES = {number: name for name, number in LMULS.items()}


def format_vtype(vtype: int) -> str:
    """`e32,m4,ta,ma`; a number where the fields are reserved."""
    lmul = LMUL_NAMES.get(vtype & 7)
    if vtype >> 8 or lmul is None or vtype >> 3 & 7 > 3:
        return str(vtype)
    tail = "ta" if vtype & 0x40 else "tu"
    mask = "ma" if vtype & 0x80 else "mu"
    return f"e{8 << (vtype >> 3 & 7)},{lmul},{tail},{mask}"


def parse_vtype(text: str) -> int | None:
    """The number of `e32, m4, ta, ma`; LMUL 1, tail and mask undisturbed when left out."""
    words = [word.strip() for word in text.split(",")]
    value, place = 0, 0
    choices = (
        {name: n << 3 for name, n in SEWS.items() if n < 4},
        LMULS,
        {"ta": 0x40, "tu": 0},
        {"ma": 0x80, "mu": 0},
    )
    for word in words:
        while place < 4 and word not in choices[place]:
            place += 1
            if place == 1:  # the element width cannot be left out
                return None
        if place == 4:
            return None
        value |= choices[place][word]
        place += 1
    return value if place else None


FENCE_BITS = {"i": 8, "o": 4, "r": 2, "w": 1}


def format_fence(bits: int) -> str:
    return "".join(letter for letter, bit in FENCE_BITS.items() if bits & bit) or "unknown"


def parse_fence(text: str) -> int | None:
    """The number of a set such as `rw`, letters in the order i, o, r, w."""
    bits = sum(bit for letter, bit in FENCE_BITS.items() if letter in text)
    return bits if bits and format_fence(bits) == text else None
