"""Stubs of integer instructions whose result is wider than a source: sums, products, extensions."""

from __future__ import annotations

from fleet.emu.native.stub import LETTER, Rule, Stub, rules
from fleet.emu.native.stubs.loops import Lanes, in_lanes
from fleet.emu.native.stubs.multiplication import whole_product

SUMS = {  # operation, kinds of the sources
    "vwadd": ("vpadd", "ii"), "vwaddu": ("vpadd", "uu"),
    "vwsub": ("vpsub", "ii"), "vwsubu": ("vpsub", "uu"),
}  # fmt: skip
PRODUCTS = {
    "vwmul": "ii", "vwmulu": "uu", "vwmulsu": "iu",
    "vwmacc": "ii", "vwmaccu": "uu", "vwmaccsu": "ui", "vwmaccus": "iu",
}  # fmt: skip
DIVISORS = {"vf2": 2, "vf4": 4, "vf8": 8}


def add(s: Stub) -> None:
    operation, kinds = SUMS[s.stem]
    width = 2 * s.sew

    def compute(a: int, b: int, _lanes: Lanes, _partial: bool) -> None:
        s.v(operation + LETTER[width], 2, a, b)

    in_lanes(s, width, kinds, compute)


def multiply(s: Stub) -> None:
    """Also accumulates."""
    kinds, width = PRODUCTS[s.stem], 2 * s.sew

    def compute(a: int, b: int, _lanes: Lanes, _partial: bool) -> None:
        if kinds == "ui":
            a, b = b, a
        if "accumulate" not in s.encoding.flags:
            whole_product(s, width, kinds, 2, a, b)
            return
        whole_product(s, width, "iu" if kinds == "ui" else kinds, 5, a, b)
        s.v("vpadd" + LETTER[width], 2, 2, 5)

    in_lanes(s, width, kinds, compute)


def extend(s: Stub) -> None:
    """vzext, vsext."""
    lanes, source = Lanes(s, s.sew), s.sew // DIVISORS[s.form]
    kind = "i" if s.stem == "vsext" else "u"

    def body(element: int, partial: bool) -> None:
        lanes.load(2, s.vs2, source, kind, element)
        lanes.store(2, s.vd, s.sew, element, partial)

    lanes.run(body)


RULES: dict[str, Rule] = (
    rules(SUMS, add, (8, 16, 32))
    | rules(PRODUCTS, multiply, (8, 16, 32))
    | rules(("vzext", "vsext"), extend)
)
