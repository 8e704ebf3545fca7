"""One example of every operation, made from its declaration or written down beside this file.

In: a declared operation. Out: IR text with the operation in it, which parses and verifies. The one
idea: most declarations tell enough. Operands become a function's arguments, of the first types that
the declaration and its verifier accept; only operations with regions, symbols and shapes that
depend on one another are written down, in `examples/DIALECT.mlir`, a function each.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.dialects.linalg import Windows
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import (
    Attribute,
    DenseArrayAttr,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TypeAttr,
)
from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import CONSTRAINTS, OpDef, Slot, definition_of
from fleet.ir.interfaces import IndexingMaps
from fleet.ir.printing.printer import print_op
from fleet.ir.types import (
    DialectType,
    FunctionType,
    MemRefType,
    TensorType,
    Type,
    VectorType,
    f32,
    f64,
    i1,
    i8,
    i32,
    i64,
    index,
)

FOLDER = Path(__file__).parent / "examples"
_TITLE = re.compile(r"^// ([\w. ]+)$", re.MULTILINE)

_TENSORS = tuple(TensorType((2, 3), element) for element in (f32, i64, i32, i1))
_CUBES = (TensorType((1, 2, 2), f32),)
_X, _F = DialectType("rv", "x"), DialectType("rv", "f")
_V = tuple(DialectType("rv", f"v<{group}>") for group in ("m1", "mask", "m2"))
_SCALARS: dict[str, tuple[Type, ...]] = {
    "Any": (f32, i64, i1, index), "Float": (f32, f64), "Integer": (i64, i32, index),
    "Number": (f32, i32, i64), "Bool": (i1,), "I1": (i1,), "Index": (index,),
    "Scalar": (i64, f32, index, i1), "Tensor": _TENSORS, "MemRef": (MemRefType((2, 3), f32),),
    "Vector": (VectorType((4,), f32), VectorType((8,), index, True), VectorType((8,), f32, True)),
    "Function": (FunctionType((f32,), (f32,)),),
    "X": (_X,), "F": (_F,), "V": _V, "Register": (_X, *_V),
}  # fmt: skip
"""The types to try for a constraint, the likeliest first."""
_COMMON = (i64, i32, f32, f64, index, i1, *_TENSORS)
_WORLDS = (
    _SCALARS,
    {**_SCALARS, "Any": _TENSORS},
    {**_SCALARS, "Tensor": _CUBES, "Any": _CUBES},
)
_ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    "axis": (IntegerAttr(1, i32), IntegerAttr(1)),
    "axes": (DenseArrayAttr((1, 0)), DenseArrayAttr((0,))),
    "value": (IntegerAttr(42), FloatAttr(1.5, f32)),
    "predicate": (IntegerAttr(2),),
    "shift": (IntegerAttr(0, i8),),
    "upper": (IntegerAttr(1),),
    "csr": (IntegerAttr(0xC20),),
    "vtype": (StringAttr("e32,m1,ta,ma"), StringAttr("e32,m1")),
    "operation": (StringAttr("addf"),),
    "index": (IntegerAttr(8),),
    "symbol": (StringAttr("weights"),),
    "name": (StringAttr("loop"),),
}
_NUMBERS = (IntegerAttr(16), IntegerAttr(1), IntegerAttr(0), IntegerAttr(4096))
_MOST_TRIES = 2000


@functools.cache
def example_of(definition: OpDef) -> str:
    """IR text that shows the operation. Raises FleetError for one that nobody has an example of."""
    dialect, _, mnemonic = definition.name.partition(".")
    written = _written(dialect).get(definition.name)
    if written is not None:
        return written
    if isinstance(definition.interfaces.get(IndexingMaps), Windows):
        return _of_windows(definition)
    for world in _WORLDS:
        for operation in itertools.islice(_guesses(definition, world), _MOST_TRIES):
            text = _accepted(operation)
            if text is not None:
                return text
    raise FleetError(
        f"there is no example of {definition.name}", hint=f"write one in {dialect}.mlir"
    )


def _of_windows(definition: OpDef) -> str:
    """A convolution or pooling of an image of three channels, every second place."""
    maps = definition.interfaces[IndexingMaps]
    stride = 2 if definition.attributes else 1
    sizes = {letter: {"n": 1, "c": 3}.get(letter, 2) for letter in maps.space}
    source, *rest = maps.operands
    reach = {
        letter: (sizes[letter] - 1) * stride + sizes[letter.lower()]
        for letter in source if letter.isupper()
    }  # fmt: skip
    types = [_tensor(source, {**sizes, **reach}), *(_tensor(each, sizes) for each in rest)]
    names = [f"%{name}" for name, _ in zip("aw", types[:-1], strict=True)]
    if definition.name.endswith("_q"):
        names += ["%x", "%y"]
        types = [t.replace("f32", "i8") for t in types[:-1]] + [
            "i32", "i32", types[-1].replace("f32", "i32")
        ]  # fmt: skip
    elif definition.name.endswith("unsigned"):
        types = [type.replace("f32", "i32") for type in types]
    *inputs, out = types
    given = ", ".join(f"{n}: {t}" for n, t in zip([*names, "%o"], types, strict=True))
    count = len(reach)
    window = (
        f" {{dilations = dense<1> : tensor<{count}xi64>, "
        f"strides = dense<{stride}> : tensor<{count}xi64>}}" if definition.attributes else ""
    )  # fmt: skip
    return (
        f"func.func @example({given}) -> {out} {{\n"
        f"  %0 = {definition.name}{window} ins({', '.join(names)} : {', '.join(inputs)})"
        f" outs(%o : {out}) -> {out}\n  return %0 : {out}\n}}\n"
    )


def _tensor(letters: str, sizes: dict[str, int]) -> str:
    return f"tensor<{''.join(f'{sizes[letter]}x' for letter in letters)}f32>"


@functools.cache
def _written(dialect: str) -> dict[str, str]:
    """The examples of a dialect that are written down: each after a line with the operations that
    it shows, `// scf.for scf.yield`."""
    path = FOLDER / f"{dialect}.mlir"
    if not path.exists():
        return {}
    _, *parts = _TITLE.split(path.read_text(encoding="utf-8"))
    return {
        name: text.strip() + "\n"
        for names, text in zip(parts[::2], parts[1::2], strict=True)
        for name in names.split()
    }


def _guesses(definition: OpDef, world: dict[str, tuple[Type, ...]]) -> Iterator[Operation]:
    """Operations that fit the declaration, operands of one type first."""
    if definition.regions:
        return
    attributes = [
        [(name, value) for value in _ATTRIBUTES.get(name, _NUMBERS)]
        for name, slot in definition.attributes.items()
        if slot.required
    ]
    more = [slot for slot in definition.operands if slot.arity == "*"]
    counts = (0, 1, 2) if len(more) == 1 else (0,)
    for count in counts:
        operands = [
            slot for slot in definition.operands for _ in range(count if slot in more else 1)
            if slot.arity != "?"
        ]  # fmt: skip
        slots = [*operands, *(slot for slot in definition.results if not slot.arity)]
        for types in _typings(slots, world):
            for chosen in itertools.product(*attributes):
                yield _made(definition, types[: len(operands)], types[len(operands) :], chosen)


def _typings(slots: Sequence[Slot], world: dict[str, tuple[Type, ...]]) -> Iterator[list[Type]]:
    """Types for slots: for each constraint the same everywhere, then in every combination."""
    choices = [_likely(slot.constraint, world) for slot in slots]
    kinds = list(dict.fromkeys(slot.constraint for slot in slots))
    for one in itertools.product(*(_likely(kind, world) for kind in kinds)):
        by_kind = dict(zip(kinds, one, strict=True))
        yield [by_kind[slot.constraint] for slot in slots]
    yield from map(list, itertools.product(*choices))


def _likely(constraint: str, world: dict[str, tuple[Type, ...]]) -> tuple[Type, ...]:
    """The types to try for a constraint; for one of a dialect, those that it accepts."""
    known = world.get(constraint)
    return known or tuple(filter(CONSTRAINTS[constraint], (*world["Any"], *_COMMON)))


def _made(
    definition: OpDef,
    operands: Sequence[Type],
    results: Sequence[Type],
    attributes: Sequence[tuple[str, Attribute]],
) -> Operation:
    """A module with the operation in a function that takes its operands."""
    block = Block(operands)
    is_code = definition.name.startswith("rv.")
    targets = [Block() for _ in range(1 + is_code)] if definition.successors else []
    operation = Operation(
        definition.name, block.arguments, results, dict(attributes), (), targets,
        definition=definition,
    )  # fmt: skip
    block.append(operation)
    ending = definition_of("rv.ret" if is_code else "func.return")
    returned = [] if is_code or targets else list(operation.results)
    if not operation.has_trait("Terminator"):
        block.append(ending(*([returned] if ending.operands else [])))
    for target in targets:
        target.append(ending(*([[]] if ending.operands else [])))
    kind = FunctionType(tuple(operands), tuple(value.type for value in returned))
    function = definition_of("func.func")(
        sym_name="example", function_type=TypeAttr(kind), regions=[Region([block, *targets])]
    )
    return definition_of("builtin.module")(regions=[Region([_holding(function)])])


def _holding(operation: Operation) -> Block:
    block = Block()
    block.append(operation)
    return block


def _accepted(module: Operation) -> str | None:
    """The text of the function, when it is valid."""
    try:
        verify(module)
    except FleetError:
        return None
    (function,) = module
    return print_op(function)


def example_of_type(type: Type) -> str:
    """A declaration of a function that takes a value of the type."""
    return f"func.func private @example({type})\n"
