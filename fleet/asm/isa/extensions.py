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
HALF_CONVERSIONS = ("vfwcvt.f.f", "vfncvt.f.f")
"""What Zvfhmin has."""
ZVKB = ("vandn", "vbrev8", "vrev8", "vrol", "vror")
"""What the smaller Zvkb has of Zvbb."""

ANYWHERE = ("I", "privileged")
"""What has instructions that need no extension."""


@cache
def needs(encoding: Encoding) -> tuple[tuple[str, ...], ...]:
    """What a scalar instruction needs: one extension of each of these groups.

    The first of a group is the usual one, the others are parts of it that have the instruction.
    """
    mnemonic, name = encoding.mnemonic, encoding.extension.lower()
    if encoding.extension in ANYWHERE:
        return ()
    match encoding.extension:
        case "M" if mnemonic in MULTIPLICATIONS:
            return (("m", "zmmul"),)
        case "A":
            return (("a", "zaamo" if mnemonic.startswith("amo") else "zalrsc"),)
        case "C" if mnemonic.startswith("c.f"):
            return ("d",), ("c", "zcd")
        case "C":
            return (("c", "zca"),)
        case "Zihintntl" if encoding.size == 2:
            return ("zihintntl",), ("c", "zca")
        case "Zfhmin" if "d" in mnemonic.split("."):
            return ("zfhmin",), ("d",)
        case "Zfa" if mnemonic == "fli.h":
            return ("zfa",), ("zfh", "zvfh")
        case "Zfa" if mnemonic[-2:] in (".d", ".h"):
            return ("zfa",), ("d" if encoding.form == "d" else "zfh",)
        case "Zcb" if mnemonic == "c.mul":
            return ("zcb",), ("m", "zmmul")
        case "Zcb" if mnemonic == "c.zext.w":
            return ("zcb",), ("zba",)
        case "Zcb" if mnemonic in ("c.sext.b", "c.sext.h", "c.zext.h"):
            return ("zcb",), ("zbb",)
        case "Svinval" if mnemonic.startswith("h"):
            return ("svinval",), ("h",)
        case "Zvbb" if encoding.stem in ZVKB:
            return (("zvbb", "zvkb"),)
    return ((name,),)


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
    if encoding.extension != "V":
        for group in needs(encoding):
            if extensions.isdisjoint(group):
                return group[0]
        return None
    needed = _vector_needs(encoding)
    if needed in ("zve64d", "zve64f") and "zvfh" in extensions:  # the same of half the width
        needed = "zve32f"
    if encoding.stem in HALF_CONVERSIONS and "zvfhmin" in extensions:
        needed = "zve32f"
    if needed not in extensions:
        return needed if "zve32x" in extensions else "V"
    if "v" in extensions:
        return None
    if values.get("vtype", 0) >> 3 & 7 == 3:  # vsetvli ... e64
        return None if "zve64x" in extensions else "zve64x"
    is_wide = vtype is not None and vtype >> 3 & 7 == 3
    return "V" if is_wide and encoding.stem in HIGH_PRODUCTS else None
