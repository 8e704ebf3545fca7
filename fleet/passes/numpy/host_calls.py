"""Host services and checks as calls of declared functions.

In: `numpy.host`, `numpy.check`, `numpy.check_indices`, `numpy.int_add` and the like. Out: a
`func.call @print_0(…)` of

    func.func private @print_0(tensor<?xi8>) attributes {service = "print", kinds = ["str"], …}

The one idea: all that a service needs to know besides its operands is in the declaration, so one
declaration serves every call that asks for the same, and MLIR's own tools can read the calls.
`kinds` has one entry for each operand, a check's condition included. Unsigned arrays become
signless here; where one is handed to a service, `options` names the NumPy dtypes of all operands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fleet.dialects import arith, func, numpy, tensor
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.attributes import (
    ArrayAttr,
    Attribute,
    DictAttr,
    StringAttr,
    SymbolRefAttr,
    TypeAttr,
    attribute,
)
from fleet.ir.core import Operation, Region, Value
from fleet.ir.types import (
    FunctionType,
    IndexType,
    IntegerType,
    TensorType,
    Type,
    element_of,
    f64,
    i1,
    i64,
    numpy_dtype,
)

if TYPE_CHECKING:
    from fleet.passes.linalg.conversion import TensorConversion

_TEXTS = ("str", "bytes")
MOST_INDICES = 5
"""From so many on the host looks at an array of subscripts."""


def strings(items: Sequence[str]) -> ArrayAttr:
    return ArrayAttr(tuple(StringAttr(item) for item in items))


def call_service(
    conversion: TensorConversion,
    service: str,
    operands: Sequence[Value],
    kinds: Sequence[str],
    types: Sequence[Type],
    result_kinds: Sequence[str],
    options: Sequence[tuple[str, Attribute]],
) -> list[Value]:
    """Call a service; index operands are handed over as i64."""
    builder = conversion.builder
    plain = [
        builder.value(arith.index_cast, value, types=[i64])
        if isinstance(value.type, IndexType)
        else value
        for value in operands
    ]
    if not any(name == "dtypes" for name, _ in options):
        options = [*options, *_dtypes([value.type for value in plain], kinds)]
    attributes: dict[str, Attribute] = {
        "service": StringAttr(service),
        "kinds": strings(kinds),
        "result_kinds": strings(result_kinds),
        "options": DictAttr(tuple(options)),
    }
    kind = FunctionType(tuple(value.type for value in plain), tuple(types))
    name = _declaration(conversion, service, kind, attributes)
    call = builder.create(func.call, plain, types=list(types), callee=SymbolRefAttr(name))
    return list(call.results)


def _dtypes(types: Sequence[Type], kinds: Sequence[str]) -> list[tuple[str, Attribute]]:
    """The NumPy dtypes of the operands, if one is unsigned and not a text."""
    elements = [element_of(type) for type in types]
    if not any(
        isinstance(element, IntegerType) and element.signedness == "u" and kind not in _TEXTS
        for element, kind in zip(elements, kinds, strict=False)
    ):
        return []
    return [("dtypes", strings([numpy_dtype(element).name for element in elements]))]


def _declaration(
    conversion: TensorConversion, service: str, kind: FunctionType, attributes: dict[str, Attribute]
) -> str:
    """The name of the declaration for this service and signature, made when there is none."""
    declared = conversion.declared
    key = (kind, tuple(sorted(attributes.items(), key=lambda item: item[0])))
    if key not in declared:
        name = f"{service}_{len(declared)}"
        taken = conversion.dims.functions
        while name in taken:
            name += "_"
        declared[key] = name
        declaration = func.func(
            regions=[Region()],
            sym_name=name,
            sym_visibility="private",
            function_type=TypeAttr(kind),
            **attributes,
        )
        declaration.location = conversion.builder.location
        module = conversion.module.body
        module.insert_before(module.first, declaration)
    return declared[key]


def call_check(
    conversion: TensorConversion,
    condition: Value,
    exception: str,
    message: str,
    operands: Sequence[Value],
    kinds: Sequence[str],
) -> None:
    """Raise `exception` at run time unless the condition holds."""
    options = [("exception", StringAttr(exception)), ("message", StringAttr(message))]
    call_service(conversion, "check", [condition, *operands], ["bool", *kinds], [], [], options)


def _texts(op: Operation, name: str) -> list[str]:
    return [item.value for item in op.get(name) or ()]


def host(conversion: TensorConversion, op: Operation) -> list[Value]:
    options = op.get("options") or ()
    types = [result.type for result in op.results]
    return call_service(
        conversion, op.get("service"), op.operands, _texts(op, "kinds"), types,
        _texts(op, "result_kinds"), list(options),
    )  # fmt: skip


def check(conversion: TensorConversion, op: Operation) -> list[Value]:
    condition, *operands = op.operands
    call_check(
        conversion, condition, op.get("exception"), op.get("message"), operands,
        _texts(op, "kinds"),
    )  # fmt: skip
    return []


def check_indices(conversion: TensorConversion, op: Operation) -> list[Value]:
    indices, size = op.operands
    options = [("axis", attribute(op.get("axis") or 0))]
    type = op.result.type
    assert isinstance(type, TensorType)
    if type.element == i64 and type.rank == 1 and (type.shape[0] or MOST_INDICES) < MOST_INDICES:
        return [_each_index(conversion, indices, size, op.get("axis") or 0)]
    return call_service(
        conversion, "check_indices", [indices, size], ["array", "int"], [type], ["array"], options
    )


def _each_index(conversion: TensorConversion, indices: Value, size: Value, axis: int) -> Value:
    """A few subscripts, as in the exchange of two rows: each is checked as a number is."""
    builder = conversion.builder
    message = f"index {{}} is out of bounds for axis {axis} with size {{}}"
    length = builder.value(arith.index_cast, size, types=[i64])
    zero = builder.constant(0, i64)
    least = builder.value(arith.subi, zero, length)
    sge, slt = map(CMPI_PREDICATES.index, ("sge", "slt"))
    turned = []
    for number in range(indices.type.shape[0]):
        place = builder.constant(number)
        each = builder.value(tensor.extract, indices, [place], types=[i64])
        above = builder.value(arith.cmpi, each, least, types=[i1], predicate=sge)
        below = builder.value(arith.cmpi, each, length, types=[i1], predicate=slt)
        inside = builder.value(arith.andi, above, below)
        call_check(conversion, inside, "IndexError", message, [each, length], ["int", "int"])
        is_negative = builder.value(arith.cmpi, each, zero, types=[i1], predicate=slt)
        turned.append(
            builder.value(
                arith.select, is_negative, builder.value(arith.addi, each, length), each,
                types=[i64],
            )
        )  # fmt: skip
    return builder.value(tensor.from_elements, turned, types=[indices.type])


def on_ints(conversion: TensorConversion, op: Operation) -> list[Value]:
    service = op.name.removeprefix("numpy.")
    kinds = [_KINDS[value.type] for value in op.operands]
    type = op.result.type
    return call_service(conversion, service, op.operands, kinds, [type], [_KINDS[type]], [])


_KINDS: dict[Type, str] = {i64: "int", f64: "float", i1: "bool"}

HANDLERS = {
    "numpy.host": host,
    "numpy.check": check,
    "numpy.check_indices": check_indices,
    **{f"numpy.{name}": on_ints for name in numpy.ints},
}
