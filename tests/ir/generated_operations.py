"""Random operations of the upstream dialects, drawn from their declarations alone.

In: a seed and an OpDef. Out: an operation whose operands, results and attributes are drawn from
what the declaration allows until the verifier accepts them. So a declaration or a verifier that is
more generous than MLIR's shows as soon as MLIR is shown the text.
"""

from __future__ import annotations

import random

import numpy as np

from fleet.diagnostics import FleetError
from fleet.dialects import builtin, func
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import (
    Attribute,
    DenseAttr,
    FloatAttr,
    IntegerAttr,
    RawAttr,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    i32_array,
    i64_array,
)
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import CONSTRAINTS, DIALECTS, OpDef, Slot
from fleet.ir.types import (
    FloatType,
    FunctionType,
    IndexType,
    IntegerType,
    OtherFloatType,
    TensorType,
    Type,
    VectorType,
    f32,
    i32,
    i64,
)

DIALECTS_DRAWN = ("arith", "math", "tensor", "tosa")
ELEMENTS = (
    *(IntegerType(width) for width in (1, 7, 8, 16, 32, 64, 128)), IndexType(),
    *(FloatType(width) for width in (16, 32, 64)), OtherFloatType("bf16"),
    OtherFloatType("f8E4M3FN"),
)  # fmt: skip
TOSA_ELEMENTS = (IntegerType(1), IntegerType(8), IntegerType(16), i32, f32, FloatType(16))
SHAPES = ((), (4,), (2, 3), (None, 3), (1, 3), (2, 3, 4), (2, 4, 1))
TRIES = 3000


def drawn_definitions() -> list[OpDef]:
    """Operations that can be drawn: they stand anywhere, and all that they hold are values."""
    return [
        definition
        for dialect in DIALECTS_DRAWN
        for definition in DIALECTS[dialect].ops.values()
        if not definition.regions and not definition.parents and not definition.successors
        and "Terminator" not in definition.traits
    ]  # fmt: skip


class Draw:
    """Draws the parts of one operation."""

    def __init__(self, rng: random.Random, definition: OpDef) -> None:
        self.rng = rng
        self.definition = definition
        self.elements = TOSA_ELEMENTS if definition.name.startswith("tosa.") else ELEMENTS
        self.shape: tuple[int | None, ...] = ()
        self.element: Type = f32

    def operation(self) -> Operation | None:
        """An operation that the verifier accepts, in a function of its own; or None."""
        for _ in range(TRIES):
            self.shape = self.rng.choice(SHAPES)
            self.element = self.rng.choice(self.elements)
            self.kind = self.rng.choice(["scalar", "tensor", "tensor", "vector", "scalable"])
            operands = [self.slot(slot) for slot in self.definition.operands]
            results = [type for slot in self.definition.results for type in self.slot(slot)]
            attributes = {}
            for name, slot in self.definition.attributes.items():
                if slot.required or self.rng.random() < 0.4:
                    attributes[name] = self.attribute(name)
            if None in attributes.values():
                continue
            made = self.function(operands, results, attributes)
            if made is not None:
                return made
        return None

    def function(
        self, operands: list[list[Type]], results: list[Type], attributes: dict[str, Attribute]
    ) -> Operation | None:
        types = [type for group in operands for type in group]
        block = Block(types)
        if self.definition.is_segmented:
            attributes["operandSegmentSizes"] = i32_array(*map(len, operands))
        values: list[Value] = list(block.arguments)
        made = Operation(
            self.definition.name, values, results, attributes, definition=self.definition
        )
        block.append(made)
        Builder(block).create(func.return_, made.results)
        type = FunctionType(tuple(types), tuple(results))
        function = func.func(regions=[Region([block])], sym_name="f", function_type=type)
        try:
            verify(function)
        except FleetError:
            return None
        return function

    def slot(self, slot: Slot) -> list[Type]:
        count = {"": 1, "?": self.rng.randrange(2), "*": self.rng.randrange(4)}[slot.arity]
        same = self.rng.random() < 0.7
        first = self.type(slot.constraint)
        return [first if same else self.type(slot.constraint) for _ in range(count)]

    def type(self, constraint: str) -> Type:
        for _ in range(100):
            element = self.element if self.rng.random() < 0.6 else self.rng.choice(self.elements)
            shape = self.shape if self.rng.random() < 0.8 else self.rng.choice(SHAPES)
            type = self.of_kind(element, shape)
            if CONSTRAINTS[constraint](type):
                return type
            if CONSTRAINTS[constraint](element):
                return element
        return TensorType(self.shape, element) if constraint == "Tensor" else element

    def of_kind(self, element: Type, shape: tuple[int | None, ...]) -> Type:
        if self.kind in ("vector", "scalable") and None not in shape:
            return VectorType(shape, element, self.kind == "scalable" and bool(shape))
        if self.kind == "scalar":
            return element
        return TensorType(shape, element)

    def attribute(self, name: str) -> Attribute | None:
        """An attribute that a declaration names, by what these are everywhere."""
        rng, rank = self.rng, len(self.shape)
        numbers = [n for n in self.shape if n is not None]
        flags = ("none", "fast", "nnan", "reassoc,nsz", "ninf,arcp,contract,afn")
        match name:
            case "fastmath":
                return RawAttr(f"#arith.fastmath<{rng.choice(flags[1:])}>")
            case "overflowFlags":
                return RawAttr(f"#arith.overflow<{rng.choice(('nsw', 'nuw', 'nsw, nuw'))}>")
            case "predicate":
                return IntegerAttr(rng.randrange(16), i64)
            case "roundingmode":
                return IntegerAttr(rng.randrange(5), i32)
            case "value":
                return self.constant()
            case "axis":
                return IntegerAttr(rng.randrange(max(rank, 1)), i32)
            case "dim":
                return IntegerAttr(rng.randrange(max(rank, 1)), i64)
            case "shift":
                return IntegerAttr(0, IntegerType(8))
            case "round":
                return IntegerAttr(rng.randrange(2), IntegerType(1))
            case "min_int" | "max_int":
                return IntegerAttr(rng.randrange(4) + 4 * (name == "max_int"), i64)
            case "min_fp" | "max_fp":
                return FloatAttr(rng.random() + 2 * (name == "max_fp"), f32)
            case "new_shape" | "multiples":
                return i64_array(numbers) if name == "new_shape" else i64_array([1] * rank)
            case "start" | "static_offsets" | "static_low" | "static_high":
                return i64_array([0] * rank)
            case "size" | "static_sizes":
                return i64_array(numbers)
            case "static_strides":
                return i64_array([1] * rank)
            case "gather_dims" | "scatter_dims":
                return i64_array([0])
            case "unique" | "nofold":
                return UnitAttr()
            case "callee":
                return SymbolRefAttr("f")
        return None

    def constant(self) -> Attribute | None:
        type = self.of_kind(self.element, self.shape)
        if isinstance(type, TensorType | VectorType):
            numeric = isinstance(self.element, IntegerType)
            if None in type.shape or not numeric or self.element.width not in (8, 16, 32, 64):
                return None
            if isinstance(type, VectorType) and type.scalable:
                return None
            numbers = np.random.default_rng(self.rng.randrange(99)).integers(-9, 9, type.shape)
            return DenseAttr(numbers.astype(f"i{self.element.width // 8}"), type)
        if isinstance(type, IntegerType | IndexType):
            return IntegerAttr(self.rng.randrange(2), type)
        return FloatAttr(self.rng.choice([0.0, -1.5, 0.1, 1e9, 3.0]), type)


def module(seed: int, size: int = 40) -> tuple[Operation, set[str]]:
    """A module of functions of one operation each, and the names of these operations."""
    rng = random.Random(seed)
    block = Block()
    names: set[str] = set()
    for number, definition in enumerate(rng.sample(drawn_definitions(), size)):
        function = Draw(rng, definition).operation()
        if function is not None:
            function.attributes["sym_name"] = StringAttr(f"f{number}")
            block.append(function)
            names.add(definition.name)
    return builtin.module(regions=[Region([block])]), names
