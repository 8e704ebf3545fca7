"""Give a scratch buffer only the rows that are alive at once.

In: kernels after register blocking. Out: the same with scratch buffers of as many rows as one
iteration of a loop over rows uses, in kernel and launches alike. The one idea: where every row that
an iteration loads was stored by that iteration before, all iterations may use the same memory;
which makes their order matter, so that the loop is no longer parallel.
"""

from __future__ import annotations

from fleet.codegen.kernels import reorderable
from fleet.codegen.loops.contract import scratch_buffers
from fleet.codegen.loops.nests import accesses, buffer_of, erase_dead, is_loop, same_bounds
from fleet.dialects import loop, tensor
from fleet.dialects.loop.access import Access, is_store
from fleet.ir.affine import AffineConst, AffineExpr, coefficients, dims_of, evaluate
from fleet.ir.attributes import TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import BlockArgument, Operation, OpResult, Value
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FunctionType, MemRefType, TensorType
from fleet.ir.watch import count, may_apply

Use = tuple[Operation, Access]


@register_pass("shrink-scratch", "scratch buffers of the rows that one iteration uses")
def run(module: Operation) -> None:
    """Scratch buffers keep only the rows that one iteration uses."""
    launches: dict[str, list[Operation]] = {}
    for op in module.walk():
        if op.definition is loop.launch:
            launches.setdefault(op.get("callee"), []).append(op)
    for kernel in reorderable(module):
        for memref in scratch_buffers(kernel):
            uses = [(op, a) for op, a in accesses(kernel) if buffer_of(a.memref) is memref]
            callers = launches.get(kernel.get("sym_name"), [])
            rows = _rows(uses) if memref.type.rank and uses else None
            if rows is None or memref.type.shape[0] == rows:
                continue
            if not all(_is_empty(launch.operand(memref.number)) for launch in callers):
                continue
            if not may_apply():
                continue
            count("buffers shrunk")
            with rewriting(f"a scratch buffer of {rows} rows", kernel, kernel.parent_op):
                _shrink(memref, uses, rows)
                for launch in callers:
                    _shrink_operand(launch, memref.number, memref.type)
        types = tuple(argument.type for argument in kernel.body.arguments)
        kernel.attributes["function_type"] = TypeAttr(FunctionType(types, ()))
        erase_dead(kernel)


def _is_empty(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.definition is tensor.empty


def _rows(uses: list[Use]) -> int | None:
    """How many rows an iteration of the loops over rows uses; None if iterations share some."""
    rows = 0
    stores: dict[Operation, list[Use]] = {}
    for op, access in uses:
        found = _row_loop(access)
        if found is None or not found[0].is_ancestor_of(op):
            return None
        nest, row = found
        rows = max(rows, row + 1)
        if is_store(op):
            stores.setdefault(nest, []).append((op, access))
        elif not any(_covers(s, op, access, nest) for s in stores.get(nest, [])):
            return None
    return rows


def _row_loop(access: Access) -> tuple[Operation, int] | None:
    """The serial loop whose variable plus a constant is the first subscript, and the constant."""
    expr = access.results[0]
    positions = dims_of(expr)
    if len(positions) != 1:
        return None
    (position,) = positions
    variable = access.operands[position]
    if not isinstance(variable, BlockArgument) or variable.number != 0:
        return None
    nest = variable.block.parent_op
    try:
        plain = coefficients(expr) == {position: 1}
    except ValueError:
        return None
    row = evaluate(expr, [0] * len(access.operands))
    if not plain or not is_loop(nest) or loop.is_vector_loop(nest) or row < 0:
        return None
    return nest, row


def _covers(store: Use, load: Operation, access: Access, nest: Operation) -> bool:
    """Whether a store, which comes first, has written all that a load in the same iteration reads:
    the same subscripts of the same values, or of the variables of loops with the same bounds."""
    _, written = store
    return (
        written.results == access.results
        and len(written.operands) == len(access.operands)
        and all(map(_ranges_alike, written.operands, access.operands))
        and nest.is_ancestor_of(load)
    )


def _ranges_alike(a: Value, b: Value) -> bool:
    if a is b:
        return True
    if not isinstance(a, BlockArgument) or not isinstance(b, BlockArgument):
        return False
    first, second = a.block.parent_op, b.block.parent_op
    both = is_loop(first) and is_loop(second) and a.number == b.number == 0
    return both and same_bounds(first, second)


def _shrink(memref: Value, uses: list[Use], rows: int) -> None:
    """Retype the buffer and drop the loop's variable from the first subscript."""
    old = memref.type
    memref.type = MemRefType((rows, *old.shape[1:]), old.element)
    for user in list(memref.users):
        if user.definition is not loop.buffer:
            continue
        sizes = user.operands[2:] if old.shape[0] is None else user.operands[1:]
        if sizes:
            user.operands = (memref, *sizes)
            user.result.type = memref.type
        else:
            user.replace_with([memref])
    for op, _ in uses:
        access = Access.of(op)
        nest, row = _row_loop(access)
        nest.attributes.pop("iterator", None)
        results: list[AffineExpr] = [AffineConst(row), *access.results[1:]]
        moved = Access.canonical(access.memref, results, access.operands)
        made = moved.again(op, Builder.before(op), lambda value: value)
        op.replace_with(made.results)


def _shrink_operand(launch: Operation, number: int, type: MemRefType) -> None:
    """Pass a smaller buffer, of which the launch's result is the same."""
    old = launch.operand(number)
    empty = old.owner
    shape = TensorType(type.shape, type.element)
    sizes = list(empty.operands[1:] if old.type.shape[0] is None else empty.operands)
    made = Builder.before(launch).value(tensor.empty, sizes, types=[shape])
    launch.set_operand(number, made)
    inputs = launch.definition.segments(launch)[0]
    launch.results[number - len(inputs)].type = shape
    if not old.uses:
        empty.erase()
