"""Keep intermediate values in registers instead of scratch buffers.

In: kernels after loop fusion. Out: the same where a load of what was just stored takes the stored
value, stores that nobody can see are gone, and with them the scratch buffers, in the kernel and at
its launches. The one idea: a scratch buffer (the kernel's attribute `scratch` counts them) is alive
only inside the kernel, so without loads its stores are dead.

See "array contraction" and "scalar replacement" in Allen and Kennedy, chapter 8.
"""

from __future__ import annotations

from fleet.codegen.kernels import reorderable
from fleet.codegen.loops.hoist import hoist
from fleet.codegen.loops.nests import accesses, buffer_of, erase_dead, is_loop, stored_buffers
from fleet.dialects import loop, tensor
from fleet.dialects.loop.access import Access, is_load, is_store, stored_value
from fleet.ir.attributes import IntegerAttr, TypeAttr, i32_array
from fleet.ir.core import Block, Operation, Value
from fleet.ir.interfaces import View
from fleet.ir.rewriting.journal import erasing, replacing, rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FunctionType, MemRefType
from fleet.ir.watch import count, may_apply


@register_pass("contract", "stores into the loads that read them")
def run(module: Operation) -> None:
    """Forward stores to loads; drop dead stores and the scratch buffers that they leave unused."""
    launches: dict[str, list[Operation]] = {}
    for op in module.walk():
        if op.definition is loop.launch:
            launches.setdefault(op.get("callee"), []).append(op)
    for kernel in reorderable(module):
        forward_stores(kernel.body)
        _drop_dead_stores(kernel)
        erase_dead(kernel)
        hoist(kernel)
        _drop_scratch(kernel, launches.get(kernel.get("sym_name"), []))


def scratch_buffers(kernel: Operation) -> list[Value]:
    """The kernel's arguments that are scratch: the last `scratch` memrefs."""
    memrefs = [a for a in kernel.body.arguments if isinstance(a.type, MemRefType)]
    count = kernel.get("scratch", 0)
    return memrefs[len(memrefs) - count :]


def forward_stores(block: Block, known: dict[Access, Value] | None = None) -> None:
    """Replace loads of elements whose value is known; `known` holds at the block's beginning."""
    known = dict(known or {})
    for op in list(block):
        if is_load(op):
            stored = known.get(Access.of(op))
            if stored is not None and stored.type == op.result.type and may_apply():
                replacing("take what was stored", op, [stored])
                op.replace_with([stored])
                count("loads replaced by what was stored")
        elif is_store(op):
            access = Access.of(op)
            _forget(known, {buffer_of(access.memref)})
            known[access] = stored_value(op)
        elif is_loop(op):
            _forget(known, stored_buffers(op))
            forward_stores(op.body, known)


def _forget(known: dict[Access, Value], stored: set[Value]) -> None:
    for access in list(known):
        if buffer_of(access.memref) in stored:
            del known[access]


def _drop_dead_stores(kernel: Operation) -> None:
    """Stores to scratch buffers from which nothing is loaded, and stores overwritten at once."""
    loaded = {buffer_of(a.memref) for op, a in accesses(kernel) if is_load(op)}
    dead = set(scratch_buffers(kernel)) - loaded
    for op, access in accesses(kernel):
        if is_store(op) and buffer_of(access.memref) in dead and may_apply():
            erasing("a store that nobody reads", op)
            op.erase()
            count("stores erased")
    for op in list(kernel.walk()):
        if is_loop(op):
            _drop_overwritten(op.body)
    _drop_overwritten(kernel.body)


def _drop_overwritten(block: Block) -> None:
    """Stores in a block to an element that a later store in it overwrites, unread in between."""
    pending: dict[Access, Operation] = {}
    for op in list(block):
        touched = {buffer_of(a.memref) for _, a in accesses(op)}
        if is_store(op):
            access = Access.of(op)
            if access in pending and may_apply():
                erasing("a store that is overwritten", pending[access])
                pending.pop(access).erase()
                count("stores erased")
            pending[access] = op
        else:
            for access in list(pending):
                if buffer_of(access.memref) in touched:
                    del pending[access]


def _drop_scratch(kernel: Operation, launches: list[Operation]) -> None:
    """Take arguments away that nothing uses any more, from the kernel and its launches alike."""
    arguments = kernel.body.arguments
    for memref in scratch_buffers(kernel):
        for user in list(memref.users):
            if View.of(user) is not None and not user.result.uses:
                user.erase()
        if memref.uses or not may_apply():
            continue
        number = memref.number
        with rewriting("no scratch buffer that nothing uses", kernel, kernel.parent_op):
            for at, launch in enumerate(launches):
                launches[at] = _without_operand(launch, number)
            kernel.body.erase_argument(number)
            kernel.attributes["scratch"] = IntegerAttr(kernel.get("scratch") - 1)
    if kernel.get("scratch") == 0:
        del kernel.attributes["scratch"]
    types = tuple(argument.type for argument in arguments)
    kernel.attributes["function_type"] = TypeAttr(FunctionType(types, ()))


def _without_operand(launch: Operation, number: int) -> Operation:
    """The launch without one destination, and without its result."""
    inputs, dests, sizes = launch.definition.segments(launch)
    position = number - len(inputs)
    operands = [v for n, v in enumerate(launch.operands) if n != number]
    made = Operation(
        launch.name,
        operands,
        [r.type for n, r in enumerate(launch.results) if n != position],
        launch.attributes
        | {"operandSegmentSizes": i32_array(len(inputs), len(dests) - 1, len(sizes))},
        location=launch.location,
        definition=launch.definition,
    )
    launch.parent.insert_before(launch, made)
    kept = iter(made.results)
    for n, result in enumerate(launch.results):
        if n != position:
            following = next(kept)
            following.hint = result.hint
            result.replace_all_uses_with(following)
    empty = launch.operand(number).owner
    launch.erase()
    if isinstance(empty, Operation) and empty.definition is tensor.empty and not empty.result.uses:
        empty.erase()
    return made
