"""Which extension an instruction needs that an architecture does not have.

In: an `Encoding`, the extensions of `--march` with all that they imply, and where it is known the
vector type. Out: the name of what is missing, or None. Sources: the unprivileged manual; for the
vector extensions for embedded processors RVV 1.0, section 18.2 ("Zve*").
"""

from __future__ import annotations

from functools import cache

from fleet.asm.isa.encoding import Encoding

MULTIPLICATIONS = ("mul", "mulh", "mulhsu", "mulhu", "mulw")
HIGH_PRODUCTS = ("vmulh", "vmulhu", "vmulhsu", "vsmul")
"""What only V itself has for elements of 64 bits."""
WIDE_FLOATS = (
    "vfwadd", "vfwsub", "vfwmul", "vfwmacc", "vfwnmacc", "vfwmsac", "vfwnmsac", "vfwredosum",
    "vfwredusum", "vfwcvt.f.f", "vfncvt.f.f", "vfncvt.rod.f.f",
)  # fmt: skip
"""Between floating-point numbers of 32 and of 64 bits."""
LONG_TO_FLOAT = (
    "vfwcvt.x.f", "vfwcvt.xu.f", "vfwcvt.rtz.x.f", "vfwcvt.rtz.xu.f", "vfncvt.f.x", "vfncvt.f.xu",
)  # fmt: skip
"""Between integers of 64 bits and floating-point numbers of 32."""


def _part(encoding: Encoding) -> str:
    """The extension that is a part of M, A or C and has this instruction, too."""
    mnemonic = encoding.mnemonic
    match encoding.extension:
        case "M" if mnemonic in MULTIPLICATIONS:
            return "zmmul"
        case "A":
            return "zaamo" if mnemonic.startswith("amo") else "zalrsc"
        case "C":
            return "zcd" if mnemonic.startswith("c.f") else "zca"
    return ""


@cache
def _vector_needs(encoding: Encoding) -> str:
    """The smallest vector extension that has an instruction, whatever the vector type is."""
    stem = encoding.stem
    if stem in WIDE_FLOATS:
        return "zve64d"
    if stem in LONG_TO_FLOAT:
        return "zve64f"
    if stem.startswith(("vf", "vmf")) and stem != "vfirst":
        return "zve32f"
    return "zve64x" if encoding.eew == 64 else "zve32x"


def missing_extension(
    extensions: frozenset[str], encoding: Encoding, values: dict[str, int], vtype: int | None
) -> str | None:
    """The extension that is missing for an instruction with these operands under a vector type."""
    name = encoding.extension.lower()
    if name != "v":
        if name == "c" and encoding.mnemonic.startswith("c.f") and "d" not in extensions:
            return "d"
        return None if name in extensions or _part(encoding) in extensions else encoding.extension
    needed = _vector_needs(encoding)
    if needed not in extensions:
        return needed if "zve32x" in extensions else "V"
    if "v" in extensions:
        return None
    if values.get("vtype", 0) >> 3 & 7 == 3:  # vsetvli ... e64
        return None if "zve64x" in extensions else "zve64x"
    if vtype is not None and vtype >> 3 & 7 == 3:
        if encoding.stem in HIGH_PRODUCTS:
            return "V"
        if needed == "zve32f" and "zve64d" not in extensions:
            return "zve64d"
    return None
