"""What declarations state of types and attributes: equations hold, types follow from them, kinds
of attributes are what they say; for made-up operations, and for all that there are."""

from __future__ import annotations

import random

import numpy as np
import pytest

import fleet.driver  # noqa: F401 - registers all dialects
from fleet.diagnostics import FleetErrors
from fleet.ir.affine import AffineMap
from fleet.ir.analysis.verifier import verify
from fleet.ir.attribute_kinds import ATTRIBUTE_KINDS
from fleet.ir.attributes import (
    AffineMapAttr,
    ArrayAttr,
    DenseArrayAttr,
    DictAttr,
    FloatAttr,
    IntegerAttr,
    RawAttr,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    UnitAttr,
    attribute,
)
from fleet.ir.core import Block, Operation
from fleet.ir.definition import DIALECTS, Dialect, OpDef
from fleet.ir.equations import parse_equations
from fleet.ir.types import FunctionType, TensorType, Type, f32, f64, i1, i8, i32, i64, index

ELEMENTS = (f32, f64, i32, i64, i1)


def some_tensor(rng: random.Random) -> TensorType:
    shape = tuple(rng.choice([None, 1, 2, 3]) for _ in range(rng.randint(0, 3)))
    return TensorType(shape, rng.choice(ELEMENTS))


# Each equation, and what it says in Python; x and y are tensors, s some scalars, r a tensor.
MEANINGS = {
    "x = y": lambda x, y, s, r: x == y,
    "element(x) = element(y) = element(r)": lambda x, y, s, r: x.element == y.element == r.element,
    "shape(x) = shape(y)": lambda x, y, s, r: x.shape == y.shape,
    "rank(x) = rank(r)": lambda x, y, s, r: x.rank == r.rank,
    "rank(x) = 2": lambda x, y, s, r: x.rank == 2,
    "count(s) = rank(x)": lambda x, y, s, r: len(s) == x.rank,
    "count(s) = dynamic(x)": lambda x, y, s, r: len(s) == sum(d is None for d in x.shape),
    "s = element(x)": lambda x, y, s, r: all(one == x.element for one in s),
    "r = like(x, i1)": lambda x, y, s, r: r == TensorType(x.shape, i1),
    "r = like(x, element(y))": lambda x, y, s, r: r == TensorType(x.shape, y.element),
    "element(x) = i1, rank(y) = 1": lambda x, y, s, r: x.element == i1 and y.rank == 1,
}


@pytest.mark.parametrize("text", MEANINGS)
def test_an_equation_holds_where_its_meaning_does(text: str) -> None:
    equations = parse_equations(text, {"x": False, "y": False, "s": True, "r": False})
    rng = random.Random(text)
    seen = set()
    for _ in range(1000):
        x, y, r = (some_tensor(rng) for _ in range(3))
        if rng.random() < 0.5:
            y = x if rng.random() < 0.5 else TensorType(x.shape, y.element)
        if rng.random() < 0.5:
            r = TensorType(x.shape, rng.choice([i1, y.element, x.element]))
        s = [x.element if rng.random() < 0.7 else f32 for _ in range(rng.randint(0, 3))]
        slots = {"x": [x], "y": [y], "s": s, "r": [r]}
        holds = all(equation.problem(slots) is None for equation in equations)
        assert holds == MEANINGS[text](x, y, s, r), (text, x, y, s, r)
        seen.add(holds)
    assert seen == {True, False}


def test_what_is_no_equation_is_refused() -> None:
    for text in ("x = nothing", "x = element(y", "like(x) = y"):
        with pytest.raises((ValueError, IndexError)):
            parse_equations(text, {"x": False, "y": False})


ALL = [definition for dialect in DIALECTS.values() for definition in dialect.ops.values()]


def test_every_attribute_has_a_kind_and_every_equation_can_be_read() -> None:
    for definition in ALL:
        assert all(slot.kind in ATTRIBUTE_KINDS for slot in definition.attributes.values())
        assert definition.type_equations is not None
    stated = [d for d in ALL if d.equations]
    assert len(stated) > 80
    kinds = {slot.kind for d in ALL for slot in d.attributes.values()}
    assert len(kinds) > 15


@pytest.fixture
def made_up():
    """An operation whose result's type follows, with an attribute of a kind."""
    dialect = Dialect("made_up")
    yield lambda **keywords: dialect.op("op", "x: Any, y: Any -> r: Any", **keywords)
    del DIALECTS["made_up"]


def values(*types: Type) -> list:
    return list(Block(types).arguments)


def test_result_types_follow_from_equations(made_up) -> None:
    op: OpDef = made_up(equations="r = like(y, element(x)), x = x")
    tensor = TensorType((None, 3), f32)
    assert op(*values(i64, tensor)).result.type == TensorType((None, 3), i64)
    untold: OpDef = made_up(equations="element(r) = element(x)")
    with pytest.raises(TypeError, match="cannot be inferred"):
        untold(*values(i64, tensor))


SAMPLES = [
    UnitAttr(), IntegerAttr(1, i1), IntegerAttr(1, i8), IntegerAttr(1, i32), IntegerAttr(1),
    IntegerAttr(1, index), FloatAttr(1.0, f32), StringAttr("a"), SymbolRefAttr("f"), TypeAttr(f32),
    TypeAttr(FunctionType((), ())), AffineMapAttr(AffineMap.identity(2)),
    ArrayAttr((AffineMapAttr(AffineMap.identity(2)),)), ArrayAttr((StringAttr("a"),)),
    DictAttr(()), attribute(np.ones(3, "f4")), DenseArrayAttr((1,), i8),
    DenseArrayAttr((1,), i32), DenseArrayAttr((1,)), DenseArrayAttr((True,), i1),
    RawAttr("#a.b<c>"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ATTRIBUTE_KINDS)
def test_attributes_of_another_kind_are_errors(made_up, kind: str) -> None:
    """Each kind takes some of the samples, and (but for Any) not all of them."""
    op: OpDef = made_up(attributes=f"a: {kind}, b?")
    taken = 0
    for sample in SAMPLES:
        block = Block([f32, f32])
        made = Operation("made_up.op", block.arguments, [f32], {"a": sample}, definition=op)
        block.append(made)
        try:
            verify(made)
            taken += 1
        except FleetErrors as error:
            assert f"attribute a is no {kind}" in str(error)
    assert 0 < taken < len(SAMPLES) or kind == "Any"
    block = Block([f32, f32])
    lacking = Operation("made_up.op", block.arguments, [f32], definition=op)
    block.append(lacking)
    with pytest.raises(FleetErrors, match="lacks the attribute 'a'"):
        verify(lacking)
