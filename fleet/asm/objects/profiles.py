"""Which extensions there are: their versions, what they imply, and which profile has which.

Data alone. In: nothing. Out: tables for `attributes.py`. Sources: the unprivileged manual as
ratified in 2024, the privileged one, "RISC-V Profiles" (RVA20, RVA22) and "RVA23 Profiles"; what is
implied is that of GNU as 2.44, so that both write the same architecture into an object.
"""

from __future__ import annotations

VECTOR_LENGTHS = range(5, 17)  # as powers of two

INSTRUCTIONS = (
    "b zba zbb zbc zbs zicond zicbom zicbop zicboz zihintntl zimop zawrs zca zcd zcb zcmop"
    " zfhmin zfh zfa zaamo zalrsc zmmul zvfhmin zvfh zvbb zvkb zve32x zve32f zve64x zve64f zve64d"
    " h svinval"
).split()
"""Extensions with instructions of their own, besides those whose version is not 1.0."""

PROMISES = (
    "ziccif ziccrse ziccamoa zicclsm zic64b za64rs za128rs zama16b zkt zvkt ztso supm"
    " smstateen smnpm smepmp ssstateen ssccptr sscounterenw sstvala sstvecd sstc sscofpmf ssnpm"
    " ssu64xl svbare svade svadu svnapot svpbmt sha shcounterenw shvstvala shtvala shvstvecd"
    " shvsatpa shgatpa"
).split()
"""What an extension without instructions says of a machine: an object only names it."""

VERSIONS: dict[str, tuple[int, int]] = {
    "i": (2, 1), "m": (2, 0), "a": (2, 1), "f": (2, 2), "d": (2, 2), "c": (2, 0), "v": (1, 0),
    **dict.fromkeys(("zicsr", "zifencei", "zihintpause", "zicntr", "zihpm"), (2, 0)),
    **dict.fromkeys((*INSTRUCTIONS, *PROMISES), (1, 0)),
    **{f"zvl{1 << power}b": (1, 0) for power in VECTOR_LENGTHS},
}  # fmt: skip
"""Every extension that can be asked for, at the version that is meant."""

IMPLIED: dict[str, tuple[str, ...]] = {
    "m": ("zmmul",),
    "b": ("zba", "zbb", "zbs"),
    "zcd": ("zca", "d"),
    "zcb": ("zca",),
    "zcmop": ("zca",),
    "d": ("f",),
    "f": ("zicsr",),
    "h": ("zicsr",),
    "zicntr": ("zicsr",),
    "zihpm": ("zicsr",),
    "zfa": ("f",),
    "zfh": ("zfhmin",),
    "zfhmin": ("f",),
    "zvfh": ("zvfhmin", "zfhmin"),
    "zvfhmin": ("zve32f",),
    "zvbb": ("zvkb",),
    "v": ("zve64d", "zvl128b"),
    "zve64d": ("d", "zve64f"),
    "zve64f": ("zve32f", "zve64x"),
    "zve32f": ("f", "zve32x"),
    "zve64x": ("zve32x", "zvl64b"),
    "zve32x": ("zicsr", "zvl32b"),
    "smstateen": ("ssstateen",),
    "sha": ("h", "ssstateen", "shcounterenw", "shvstvala", "shtvala", "shvstvecd", "shvsatpa",
            "shgatpa"),
    **dict.fromkeys(
        "ssstateen sstc sscofpmf svadu smepmp sscounterenw sstvala sstvecd ssu64xl svbare svade"
        .split(), ("zicsr",)
    ),
    **dict.fromkeys(
        ("shcounterenw", "shvstvala", "shtvala", "shvstvecd", "shvsatpa", "shgatpa"), ("h",)
    ),
    **{f"zvl{1 << power}b": (f"zvl{1 << power - 1}b",) for power in VECTOR_LENGTHS[1:]},
}  # fmt: skip
"""What an extension cannot be without."""

EARLIER = frozenset(
    "i m a f d c v h zicsr zifencei zihintpause zmmul zawrs zfh zfhmin zba zbb zbc zbs zicbom"
    " zicbop zicboz zkt zve32x zve32f zve64x zve64f zve64d smstateen smepmp ssstateen sscofpmf sstc"
    " svinval svnapot svpbmt".split()
) | {f"zvl{1 << power}b" for power in VECTOR_LENGTHS}
"""What GNU's tools before 2.41 know, too."""

PARTS = {"a": ("zaamo", "zalrsc")}
"""Named beside the whole where anything later is, as GNU as 2.44 does.

Earlier tools, which refuse objects with names that they do not know, could not read those anyway.
"""

_RVA20 = "imafdc_zicsr_zicntr_ziccif_ziccrse_ziccamoa_zicclsm"
_RVA22 = f"{_RVA20}_zihpm_za64rs_zihintpause_zba_zbb_zbs_zic64b_zicbom_zicbop_zicboz_zfhmin_zkt"
_RVA23 = f"{_RVA22}_b_v_zvfhmin_zvbb_zvkt_zihintntl_zicond_zimop_zcmop_zcb_zfa_zawrs_supm"
PROFILES = {
    "rva20u64": f"rv64{_RVA20}_za128rs",
    "rva22u64": f"rv64{_RVA22}",
    "rva23u64": f"rv64{_RVA23}",
}
"""The mandatory extensions of each profile for programs."""
