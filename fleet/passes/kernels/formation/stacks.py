"""What the loops that stand for recursions have in common: a stack of words, and their services."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleet.dialects import arith, func
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.attributes import ArrayAttr, DictAttr, StringAttr, TypeAttr, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Region, Value
from fleet.ir.interfaces import functions_of
from fleet.ir.types import FunctionType, TensorType, Type, i1, i64, is_float

WORDS = TensorType((None,), i64)


class Services:
    """What the loops ask of the host, declared once."""

    def __init__(self, module: Operation) -> None:
        self.module = module
        self.declared: dict[str, str] = {}

    def levels(self, builder: Builder) -> Value:
        """How many more functions may be called in one another."""
        name = self._name("levels", (), ("int",), FunctionType((), (i64,)), {})
        return builder.value(func.call, [], types=[i64], callee=symbol(name))

    def check_room(self, builder: Builder, has_room: Value) -> None:
        options = {"exception": "RecursionError", "message": "maximum recursion depth exceeded"}
        name = self._name("check", ("bool",), (), FunctionType((i1,), ()), options)
        builder.create(func.call, [has_room], types=[], callee=symbol(name))

    def _name(
        self, service: str, kinds: Sequence[str], results: Sequence[str], type: FunctionType,
        options: dict[str, str],
    ) -> str:  # fmt: skip
        if service not in self.declared:
            taken = functions_of(self.module)
            name = f"{service}_of_recursion"
            while name in taken:
                name += "_"
            declaration = func.func(
                regions=[Region()],
                sym_name=name,
                sym_visibility="private",
                function_type=TypeAttr(type),
                service=service,
                kinds=ArrayAttr(tuple(map(StringAttr, kinds))),
                result_kinds=ArrayAttr(tuple(map(StringAttr, results))),
                options=DictAttr(tuple((key, StringAttr(text)) for key, text in options.items())),
            )
            declaration.location = self.module.location
            self.module.body.insert_before(self.module.body.first, declaration)
            self.declared[service] = name
        return self.declared[service]


def is_array(type: Type) -> bool:
    return isinstance(type, TensorType) and type.rank > 0


def zero_in(builder: Builder) -> Callable[[Type], Value]:
    """Makes a zero of a type."""
    return lambda type: builder.constant(0.0 if is_float(type) else 0, type)


def compare(builder: Builder, predicate: str, a: Value, b: Value) -> Value:
    return builder.value(arith.cmpi, a, b, types=[i1], predicate=CMPI_PREDICATES.index(predicate))
