"""`python-complex`: complex numbers of Python's, which the run keeps as objects, become two floats.

In: NumPy's dialect, in which the host makes a complex number, and computes with it, as one of the
run's objects. Out: the same, with the real and the imaginary part as floats wherever it is known
that an object is a complex number; it becomes an object where somebody wants one, such as a list.
The one idea: what computes with complex numbers only gives complex numbers, so they are found along
the ways that values go, from optimism down; then `Conversion` takes them apart. The formulas are
CPython's (Objects/complexobject.c of 3.11), and the C library's for abs() (glibc's e_hypot.c, after
C. Borges, An Improved Algorithm for hypot(a,b), 2019), so the numbers have their bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import arith, numpy
from fleet.dialects import math as functions
from fleet.dialects.arith import CMPF_PREDICATES
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.flow import Flow, RegionBranch
from fleet.ir.rewriting.conversion import Conversion, Target, TypeConverter, convert_types
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import ComplexType, IntegerType, f64, i1, i64
from fleet.ir.watch import count, may_apply

PAIR = ComplexType(f64)

_BINARY = {"add", "sub", "mul", "truediv"}
_COMPARISONS = {"eq", "ne"}
_LARGEST_POWER = 100
"""Up to this whole exponent CPython multiplies."""


@register_pass("python-complex", "complex numbers of Python's as their parts")
def run(module: Operation) -> None:
    """Objects that are always complex numbers are two floats, but where an object is asked for."""
    numbers = _Numbers(module)
    if not numbers.found or not may_apply():
        return
    numbers.ask_for_objects()
    for value in numbers.found:
        value.type = PAIR
    count("complex numbers that are no objects", len(numbers.found))
    types = TypeConverter(lambda type: (f64, f64) if type == PAIR else None)
    dialects = ("func", "scf", "cf", "arith", "numpy")
    rules = {
        "numpy.host": _host, "arith.select": _select,
        "arith.constant": _placeholder, **dict.fromkeys(("func", "scf", "cf"), convert_types),
    }  # fmt: skip
    Conversion(module, Target().dynamic(types.is_legal, *dialects), rules, types).run()


# -- which objects are complex numbers


class _Numbers:
    """The objects of a module that are complex numbers, whatever happens.

    blank: those that a constant, which nobody looks at, may stand for.
    """

    def __init__(self, module: Operation) -> None:
        operations = list(module.walk())
        self.flows = [
            flow
            for op in operations
            if (branch := RegionBranch.of(op)) is not None
            for flow in branch.flows(op)
            if flow.values and flow.values[0].type == i64
        ]
        made = [op for op in operations if _gives_complex(op)]
        self.selects = [
            op for op in operations if op.definition is arith.select and op.result.type == i64
        ]
        self.found: set[Value] = set()
        if not any(op.get("service") == "function" for op in made):
            return
        self.found = {op.results[0] for op in made}
        self.found |= {value for flow in self.flows for value in flow.values}
        self.found |= {op.result for op in self.selects}
        while spoilt := {*self._not_made(made), *self._not_carried(), *self._used_otherwise()}:
            self.found -= spoilt

    def _not_made(self, made: Sequence[Operation]) -> list[Value]:
        return [
            op.results[0] for op in made if op.results[0] in self.found and not self._are_given(op)
        ]

    def _are_given(self, op: Operation) -> bool:
        """Whether an operation's operands are numbers, objects among them complex ones."""
        return all(
            value in self.found if kind == "object" else kind in ("int", "float", "bool")
            for kind, value in zip(_kinds(op), op.operands, strict=True)
        )

    def _not_carried(self) -> list[Value]:
        spoilt: list[Value] = []
        for flow in self.flows:
            is_number = all(v in self.found or _is_blank(v) for v in flow.sources)
            is_blank = all(map(_is_blank, flow.sources))
            if not is_number or is_blank or any(v not in self.found for v in flow.values):
                spoilt += [v for v in flow.values if v in self.found]
        for op in self.selects:
            if op.result in self.found and not all(v in self.found for v in op.operands[1:]):
                spoilt.append(op.result)
        return spoilt

    def _used_otherwise(self) -> list[Value]:
        """Numbers that are looked at as no object is; or in whose place a constant may be, and that
        go where something else may be as well."""
        blank = self._blank()
        spoilt = []
        for value in self.found:
            for op, number in value.uses:
                if self.takes(op, number) or _wants_object(op, number):
                    continue
                if value in blank or not _hands_on(op):
                    spoilt.append(value)
                    break
        return spoilt

    def _blank(self) -> set[Value]:
        blank: set[Value] = set()
        size = -1
        while len(blank) > size:
            size = len(blank)
            for flow in self.flows:
                if any(_is_blank(v) or v in blank for v in flow.sources):
                    blank.update(flow.values)
            blank |= {op.result for op in self.selects if not blank.isdisjoint(op.operands[1:])}
        return blank

    def takes(self, op: Operation, number: int) -> bool:
        """Whether an operand may be two floats."""
        if op.definition is arith.select:
            return op.result in self.found
        if op.definition is numpy.host:
            return self._computes(op)
        return any(
            (op, number) in flow.uses and flow.values[0] in self.found
            for flow in self.flows_by_use().get((op, number), ())
        )

    def flows_by_use(self) -> dict[tuple[Operation, int], list[Flow]]:
        if not hasattr(self, "_by_use"):
            self._by_use: dict[tuple[Operation, int], list[Flow]] = {}
            for flow in self.flows:
                for use in flow.uses:
                    self._by_use.setdefault(use, []).append(flow)
        return self._by_use

    def _computes(self, op: Operation) -> bool:
        if _gives_complex(op):
            return op.results[0] in self.found
        return _asks(op) and self._are_given(op)

    def ask_for_objects(self) -> None:
        """Where an object is wanted, one is made; where a constant stands for any, it is two."""
        for value in self.found:
            for op, number in list(value.uses):
                if not self.takes(op, number):
                    op.set_operand(number, _object(Builder.before(op), [value]))
        for flow in self.flows:
            if flow.values[0] in self.found:
                for op, number in flow.uses:
                    if op.operand(number) not in self.found and _is_blank(op.operand(number)):
                        blank = Builder.before(op).constant(0, i64)
                        blank.type = PAIR
                        op.set_operand(number, blank)


def _is_blank(value: Value) -> bool:
    return constant_int(value) == 0


def _wants_object(op: Operation, number: int) -> bool:
    if op.definition is not numpy.host:
        return False
    kinds = [kind for kind in _kinds(op) if kind != "none"]
    return len(kinds) == len(op.operands) and kinds[number] == "object"


def _kinds(op: Operation) -> list[str]:
    """What the operands of a service are; nothing of another operation."""
    return [kind.value for kind in op.get("kinds") or ()] if op.definition is numpy.host else []


def _hands_on(op: Operation) -> bool:
    """Whether an operand goes somewhere as it is, and is an object there."""
    return op.name.partition(".")[0] in ("func", "scf", "cf")


def _name(op: Operation) -> str:
    """What a service of the host computes: `add`, `abs`, …"""
    return _option(op, "name")


def _option(op: Operation, name: str) -> str:
    return str(getattr(dict(op.get("options") or ()).get(name), "value", ""))


def _is_service(op: Operation, service: str, *kinds: int) -> bool:
    return (
        op.definition is numpy.host
        and op.get("service") == service
        and len(op.operands) in kinds
        and len(_kinds(op)) == len(op.operands)
    )


def _gives_complex(op: Operation) -> bool:
    """Whether a service gives a complex number, if its objects are complex numbers."""
    if len(op.results) != 1 or op.results[0].type != i64:
        return False
    name = _name(op) if op.definition is numpy.host else ""
    if _is_service(op, "function", 1, 2) and name == "complex":
        return "object" not in _kinds(op)
    if _is_service(op, "build", 1):
        return _kinds(op) == ["object"] and _option(op, "form") == "object"
    if _is_service(op, "method", 1):
        return name == "conjugate"
    if "object" not in _kinds(op):
        return False
    if _is_service(op, "operator", 1):
        return name in ("neg", "pos")
    if not _is_service(op, "operator", 2):
        return False
    if name.removeprefix("i") in _BINARY:
        return True
    power = constant_int(op.operand(1)) if _kinds(op)[1] == "int" else None
    return name in ("pow", "ipow") and power is not None and 0 < power <= _LARGEST_POWER


def _asks(op: Operation) -> bool:
    """Whether a service answers something about complex numbers."""
    if "object" not in _kinds(op):
        return False
    if _is_service(op, "function", 1):
        return op.results[0].type == f64 and _name(op) in ("abs", "real", "imag")
    return (_is_service(op, "operator", 1) and _name(op) == "truth") or (
        _is_service(op, "operator", 2) and _name(op) in _COMPARISONS
    )


# -- what becomes of them

Parts = tuple[Value, Value]


class _Floats:
    """Formulas of floats: each method makes an operation."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def number(self, value: float) -> Value:
        return self.builder.constant(value, f64)

    def add(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.addf, a, b)

    def sub(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.subf, a, b)

    def mul(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.mulf, a, b)

    def div(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.divf, a, b)

    def neg(self, a: Value) -> Value:
        return self.builder.value(arith.negf, a)

    def size(self, a: Value) -> Value:
        return self.builder.value(functions.absf, a)

    def compare(self, predicate: str, a: Value, b: Value) -> Value:
        number = CMPF_PREDICATES.index(predicate)
        return self.builder.value(arith.cmpf, a, b, types=[i1], predicate=number)

    def both(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.andi, a, b)

    def either(self, a: Value, b: Value) -> Value:
        return self.builder.value(arith.ori, a, b)

    def choose(self, condition: Value, a: Value, b: Value) -> Value:
        return self.builder.value(arith.select, condition, a, b, types=[a.type])

    def check(self, condition: Value, exception: str, message: str) -> None:
        self.builder.create(
            numpy.check, condition, [], exception=exception, message=message, kinds=[]
        )

    # -- complex ones

    def product(self, a: Parts, b: Parts) -> Parts:
        return (
            self.sub(self.mul(a[0], b[0]), self.mul(a[1], b[1])),
            self.add(self.mul(a[0], b[1]), self.mul(a[1], b[0])),
        )

    def quotient(self, a: Parts, b: Parts) -> Parts:
        """Numerator and denominator are divided by the larger part of the latter."""
        zero = self.number(0.0)
        is_none = self.either(self.compare("une", b[0], zero), self.compare("une", b[1], zero))
        self.check(is_none, "ZeroDivisionError", "complex division by zero")
        real = self.compare("oge", self.size(b[0]), self.size(b[1]))
        large, small = self.choose(real, b[0], b[1]), self.choose(real, b[1], b[0])
        one, other = self.choose(real, a[0], a[1]), self.choose(real, a[1], a[0])
        ratio = self.div(small, large)
        by = self.add(large, self.mul(small, ratio))
        upper, lower = other, self.mul(one, ratio)
        imaginary = self.choose(real, self.sub(upper, lower), self.sub(lower, upper))
        return self.div(self.add(one, self.mul(other, ratio)), by), self.div(imaginary, by)

    def power(self, base: Parts, exponent: int) -> Parts:
        made = self.number(1.0), self.number(0.0)
        while exponent:
            if exponent & 1:
                made = self.product(made, base)
            exponent >>= 1
            if exponent:
                base = self.product(base, base)
        finite = self.both(*(self._is_not_infinite(part) for part in made))
        self.check(finite, "OverflowError", "complex exponentiation")
        return made

    def _is_not_infinite(self, a: Value) -> Value:
        return self.compare("une", self.size(a), self.number(float("inf")))

    def distance(self, a: Parts) -> Value:
        """abs(a)."""
        x, y = map(self.size, a)
        swapped = self.compare("olt", x, y)
        large, small = self.choose(swapped, y, x), self.choose(swapped, x, y)
        big = self.compare("ogt", large, self.number(2.0**511))
        tiny = self.compare("olt", small, self.number(2.0**-459))
        scale = self.choose(tiny, self.number(2.0**600), self.number(1.0))
        scale = self.choose(big, self.number(2.0**-600), scale)
        back = self.choose(tiny, self.number(2.0**-600), self.number(1.0))
        back = self.choose(big, self.number(2.0**600), back)
        made = self.mul(self._root(self.mul(large, scale), self.mul(small, scale)), back)
        lost = self.compare("ole", small, self.mul(large, self.number(2.0**-54)))
        made = self.choose(lost, self.add(large, small), made)
        infinite = self.either(
            *(self.compare("oeq", part, self.number(float("inf"))) for part in (x, y))
        )
        made = self.choose(infinite, self.number(float("inf")), made)
        fits = self.either(infinite, self._is_not_infinite(made))
        self.check(fits, "OverflowError", "absolute value too large")
        return made

    def _root(self, x: Value, y: Value) -> Value:
        """sqrt(x * x + y * y) for x >= y, and what the squares' rounding took, given back."""
        two = self.number(2.0)
        root = self.builder.value(functions.sqrt, self.add(self.mul(x, x), self.mul(y, y)))
        near = self.compare("ole", root, self.mul(two, y))
        d, e = self.sub(root, y), self.sub(root, x)
        lower = self.choose(
            near,
            self.mul(x, self.sub(self.mul(two, d), x)),
            self.mul(self.mul(two, e), self.sub(x, self.mul(two, y))),
        )
        upper = self.choose(
            near,
            self.mul(self.sub(d, self.mul(two, self.sub(x, y))), d),
            self.add(self.mul(self.sub(self.mul(self.number(4.0), e), y), y), self.mul(e, e)),
        )
        return self.sub(root, self.div(self.add(lower, upper), self.mul(two, root)))


def _parts(conversion: Conversion, op: Operation, number: int) -> Parts:
    """An operand as a complex number."""
    value = op.operand(number)
    if value.type == PAIR:
        real, imag = conversion.values_of(value)
        return real, imag
    return _float(conversion.builder, value), conversion.builder.constant(0.0, f64)


def _float(builder: Builder, value: Value) -> Value:
    if value.type == f64:
        return value
    widen = arith.uitofp if value.type == i1 else arith.sitofp
    if not isinstance(value.type, IntegerType):
        value = builder.value(arith.index_cast, value, types=[i64])
    return builder.value(widen, value, types=[f64])


def _host(conversion: Conversion, op: Operation) -> object:
    name, floats = _name(op), _Floats(conversion.builder)
    if op.get("service") == "build":
        return [conversion.values_of(op.operand(0))]
    if name == "complex" and op.operand(0).type == PAIR:
        return [_object(conversion.builder, conversion.values_of(op.operand(0)))]
    if name == "complex":
        given = [_float(conversion.builder, value) for value in op.operands]
        return [[*given, *([floats.number(0.0)] if len(given) == 1 else [])]]
    operands = [_parts(conversion, op, number) for number in range(len(op.operands))]
    if name in _ONE:
        return [_ONE[name](floats, operands[0])]
    a, b = operands[0], operands[-1]
    if name in _COMPARISONS:
        return [_equal(floats, op, a, b, name)]
    if name in ("pow", "ipow"):
        return [floats.power(a, constant_int(op.operand(1)))]
    return [_TWO[name.removeprefix("i")](floats, a, b)]


_ONE: dict[str, Callable[[_Floats, Parts], object]] = {
    "abs": _Floats.distance,
    "real": lambda f, a: a[0],
    "imag": lambda f, a: a[1],
    "conjugate": lambda f, a: (a[0], f.neg(a[1])),
    "neg": lambda f, a: (f.neg(a[0]), f.neg(a[1])),
    "pos": lambda f, a: a,
    "truth": lambda f, a: f.either(
        f.compare("une", a[0], f.number(0.0)), f.compare("une", a[1], f.number(0.0))
    ),
}
_TWO: dict[str, Callable[[_Floats, Parts, Parts], Parts]] = {
    "add": lambda f, a, b: (f.add(a[0], b[0]), f.add(a[1], b[1])),
    "sub": lambda f, a, b: (f.sub(a[0], b[0]), f.sub(a[1], b[1])),
    "mul": _Floats.product,
    "truediv": _Floats.quotient,
}


def _equal(floats: _Floats, op: Operation, a: Parts, b: Parts, name: str) -> Value:
    """An int is compared with the real part as it is, not rounded."""
    ints = [value for value, kind in zip(op.operands, _kinds(op), strict=True)
            if kind == "int"]  # fmt: skip
    if ints:
        real = a[0] if op.operand(0).type == PAIR else b[0]
        alike = floats.builder.value(numpy.ints["int_eq"], [ints[0], real], types=[i1])
    else:
        alike = floats.compare("oeq", a[0], b[0])
    same = floats.both(alike, floats.compare("oeq", a[1], b[1]))
    if name == "eq":
        return same
    return floats.builder.value(arith.xori, same, floats.builder.constant(1, i1))


def _object(builder: Builder, parts: Sequence[Value]) -> Value:
    """A complex number, or its parts, as one of the run's objects."""
    return builder.value(
        numpy.host, list(parts), types=[i64], service="function",
        kinds=["float", "float"] if len(parts) == 2 else ["object"], result_kinds=["object"],
        options={"name": "complex", "named": []},
    )  # fmt: skip


def _select(conversion: Conversion, op: Operation) -> object:
    floats = _Floats(conversion.builder)
    a, b = (conversion.values_of(value) for value in op.operands[1:])
    return [[floats.choose(op.operand(0), x, y) for x, y in zip(a, b, strict=True)]]


def _placeholder(conversion: Conversion, op: Operation) -> object:
    return [[conversion.builder.constant(0.0, f64) for _ in range(2)]]
