"""Simplifications of structured control flow: branches and loops whose course is known."""

from __future__ import annotations

from fleet.dialects import arith, scf
from fleet.dialects.scf.parallel_loops import BOUNDS, forall, parallel
from fleet.dialects.tensor import index_entries, insert_slice, mixed
from fleet.dialects.tensor.casts import forgotten, replace_with_cast
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import i64_array
from fleet.ir.core import Operation, OpResult, Region, Value
from fleet.ir.format import SEGMENTS
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.ir.types import ShapedType, i1


def is_inside(value: Value, region: Region) -> bool:
    """Whether a value is defined in a region, at any depth."""
    owner = value.owner
    holder = owner.parent if isinstance(owner, Operation) else owner
    while holder is not None:
        if holder.parent is region:
            return True
        holder = holder.parent_op.parent if holder.parent_op is not None else None
    return False


@scf.if_.pattern
def _if_known(operation: Operation, rewriter: Rewriter) -> bool:
    """A branch whose condition is constant is what it chooses."""
    condition = constant_int(operation.operand(0))
    if condition is None:
        return False
    region = operation.regions[0 if condition else 1]
    values = rewriter.inline(region.block, operation, ()) if region.blocks else []
    rewriter.replace(operation, values)
    return True


@scf.if_.pattern
def _if_same(operation: Operation, rewriter: Rewriter) -> bool:
    """A result that both branches take from the same place outside, or that is the condition."""
    if not operation.results:
        return False
    then, otherwise = operation.regions
    changed = False
    pairs = zip(
        operation.results,
        then.block.terminator.operands,
        otherwise.block.terminator.operands,
        strict=True,
    )
    for result, one, other in pairs:
        if not result.uses:
            continue
        if one is other and not is_inside(one, then):
            rewriter.replace_uses(result, one)
            changed = True
        elif result.type == i1 and (constant_int(one), constant_int(other)) == (1, 0):
            rewriter.replace_uses(result, operation.operand(0))
            changed = True
    return changed


@scf.if_.pattern
def _if_twice(operation: Operation, rewriter: Rewriter) -> bool:
    """Results that are the same in both branches are one: an array need not be there twice."""
    if len(operation.results) < 2:
        return False
    ones, others = (region.block.terminator.operands for region in operation.regions)
    first: dict[tuple[Value, Value], OpResult] = {}
    changed = False
    for result, pair in zip(operation.results, zip(ones, others, strict=True), strict=True):
        same = first.setdefault(pair, result)
        if same is not result and result.uses:
            rewriter.replace_uses(result, same)
            changed = True
    return changed


@scf.if_.pattern
def _if_unused(operation: Operation, rewriter: Rewriter) -> bool:
    """Results that nobody uses are not yielded."""
    kept = [number for number, result in enumerate(operation.results) if result.uses]
    if len(kept) == len(operation.results):
        return False
    for region in operation.regions:
        last = region.block.terminator
        for value in last.operands:
            if isinstance(value, OpResult):
                rewriter.push(value.operation)
        last.operands = [last.operand(number) for number in kept]
    regions, operation.regions = operation.regions, []
    types = [operation.results[number].type for number in kept]
    made = rewriter.create(scf.if_, operation.operand(0), types=types, regions=regions)
    made.attributes.update(operation.attributes)
    for number, result in zip(kept, made.results, strict=True):
        result.hint = operation.results[number].hint
        rewriter.replace_uses(operation.results[number], result)
    rewriter.erase(operation)
    return True


@scf.if_.pattern
def _if_to_select(operation: Operation, rewriter: Rewriter) -> bool:
    """Branches that only choose between scalars from outside are `arith.select`."""
    if not operation.results or any(isinstance(r.type, ShapedType) for r in operation.results):
        return False
    if any(len(region.block) > 1 for region in operation.regions):
        return False
    ones, others = (region.block.terminator.operands for region in operation.regions)
    condition = operation.operand(0)
    values = [
        one if one is other else rewriter.value(arith.select, condition, one, other)
        for one, other in zip(ones, others, strict=True)
    ]
    rewriter.replace(operation, values)
    return True


@scf.if_.pattern
def _condition_inside(operation: Operation, rewriter: Rewriter) -> bool:
    """Inside its branches, the condition is known."""
    condition = operation.operand(0)
    changed = False
    for number, region in enumerate(operation.regions):
        for user, position in list(condition.uses):
            if user.parent is operation.parent or not region.blocks:
                continue  # beside it, as most are, or the operation itself
            holder = user.parent
            while holder is not None and holder.parent is not region:
                holder = holder.parent_op.parent if holder.parent_op is not None else None
            if holder is not None:
                rewriter.aim(region.block.first)
                user.set_operand(position, rewriter.constant(1 - number, i1))
                rewriter.push(user)
                changed = True
    return changed


@scf.for_.pattern
def _for_known_trips(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop that never runs is its initial values; one that runs once is its body."""
    lower, upper, step = map(constant_int, operation.operands[:3])
    if lower is None or upper is None or step is None or step <= 0:
        return operation.operand(0) is operation.operand(1) and _never(operation, rewriter)
    if lower >= upper:
        return _never(operation, rewriter)
    if lower + step < upper:
        return False
    arguments = [operation.operand(0), *operation.operands[3:]]
    rewriter.replace(operation, rewriter.inline(operation.body, operation, arguments))
    return True


@scf.for_.pattern
def _for_last_only(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop that runs, does nothing and yields what it is given from outside, is that."""
    trips = _trips(*map(constant_int, operation.operands[:3]))
    block = operation.body
    if not trips or len(block) != 1:
        return False
    given = dict(zip(block.arguments[1:], operation.operands[3:], strict=True))
    values = [given.get(value, value) for value in block.terminator.operands]
    moves = any(
        value in given and value is not argument
        for value, argument in zip(block.terminator.operands, block.arguments[1:], strict=True)
    )
    if moves or block.arguments[0] in values:
        return False
    rewriter.replace(operation, values)
    return True


def _never(operation: Operation, rewriter: Rewriter) -> bool:
    rewriter.replace(operation, operation.operands[3:])
    return True


@scf.for_.pattern
def _for_invariant(operation: Operation, rewriter: Rewriter) -> bool:
    """An iteration argument that every iteration passes on is its initial value."""
    changed = False
    yielded = operation.body.terminator.operands
    inits = operation.operands[3:]
    arguments = operation.body.arguments[1:]
    for argument, value, init, result in zip(
        arguments, yielded, inits, operation.results, strict=True
    ):
        if value is not argument and value is not init:
            continue
        for same in (argument, result):
            uses = [use for use in same.uses if use[0] is not operation.body.terminator]
            if uses:
                for user, number in uses:
                    user.set_operand(number, init)
                    rewriter.push(user)
                changed = True
    return changed


@scf.execute_region.pattern
def _region_of_one_block(operation: Operation, rewriter: Rewriter) -> bool:
    """What is executed once is executed where it stands."""
    (region,) = operation.regions
    if len(region.blocks) != 1:
        return False
    rewriter.replace(operation, rewriter.inline(region.block, operation, ()))
    return True


@scf.index_switch.pattern
def _known_case(operation: Operation, rewriter: Rewriter) -> bool:
    """A switch whose number is constant is what it chooses."""
    number = constant_int(operation.operand(0))
    if number is None:
        return False
    default, *others = operation.regions
    chosen = dict(zip(operation.get("cases"), others, strict=True)).get(number, default)
    rewriter.replace(operation, rewriter.inline(chosen.block, operation, ()))
    return True


@scf.index_switch.pattern
def _switch_same(operation: Operation, rewriter: Rewriter) -> bool:
    """A result that all cases take from the same place outside."""
    changed = False
    columns = zip(*(r.block.terminator.operands for r in operation.regions), strict=True)
    for result, values in zip(operation.results, columns, strict=True):
        value = values[0]
        if not result.uses or any(other is not value for other in values):
            continue
        if not any(is_inside(value, region) for region in operation.regions):
            rewriter.replace_uses(result, value)
            changed = True
    return changed


@parallel.pattern
def _parallel_known_trips(operation: Operation, rewriter: Rewriter) -> bool:
    """Dimensions of one iteration are no dimensions; a loop without any never runs."""
    lower, upper, step, inits = operation.definition.segments(operation)
    trips = [_trips(*map(constant_int, bounds)) for bounds in zip(lower, upper, step, strict=True)]
    if 0 in trips:
        rewriter.replace(operation, inits)
        return True
    if 1 not in trips:
        return False
    block = operation.body
    if all(trip == 1 for trip in trips):
        regions = [region.block for region in block.terminator.regions]
        block.terminator.regions = []  # they outlive it
        values = rewriter.inline(block, operation, lower)
        totals = [
            rewriter.inline(region, operation, [total, value])[0]
            for region, total, value in zip(regions, inits, values, strict=True)
        ]
        rewriter.replace(operation, totals)
        return True
    for number in reversed(range(len(trips))):
        if trips[number] == 1:
            rewriter.replace_uses(block.arguments[number], lower[number])
            block.erase_argument(number)
    kept = [number for number, trip in enumerate(trips) if trip != 1]
    groups = [[values[number] for number in kept] for values in (lower, upper, step)]
    region = operation.regions.pop()
    rewriter.replace_by(operation, parallel, *groups, inits, regions=[region])
    return True


def _trips(lower: int | None, upper: int | None, step: int | None) -> int | None:
    if lower is None or upper is None or step is None or step <= 0:
        return None
    return max(0, -((lower - upper) // step))


@forall.pattern
def _forall_static_bounds(operation: Operation, rewriter: Rewriter) -> bool:
    """Bounds that are constants need no operands."""
    changed = False
    groups, statics = [], {}
    for name, static in BOUNDS.items():
        entries = mixed(operation, name, static)
        known = [entry if isinstance(entry, int) else constant_int(entry) for entry in entries]
        entries = [e if k is None else k for e, k in zip(entries, known, strict=True)]
        operands, numbers = index_entries(entries)
        changed = changed or len(operands) < len(operation.named(name))
        groups.append(operands)
        statics[static] = i64_array(numbers)
    if not changed:
        return False
    kept = {n: a for n, a in operation.attributes.items() if n not in statics and n != SEGMENTS}
    regions, operation.regions = operation.regions, []
    rewriter.replace_by(
        operation, forall, *groups, operation.named("outputs"), regions=regions, **statics, **kept
    )
    return True


@forall.pattern
def _forall_never(operation: Operation, rewriter: Rewriter) -> bool:
    """A loop that never runs leaves its outputs as they are."""
    bounds = [mixed(operation, name, static) for name, static in BOUNDS.items()]
    points = zip(*bounds, strict=True)
    if all(not isinstance(e, int) for row in bounds for e in row):
        return False
    trips = [_trips(*(e if isinstance(e, int) else None for e in point)) for point in points]
    if 0 not in trips:
        return False
    rewriter.replace(operation, operation.named("outputs"))
    return True


@forall.pattern
def _forall_known_trips(operation: Operation, rewriter: Rewriter) -> bool:
    """Dimensions of one iteration are no dimensions; without any, what is written is inserted."""
    bounds = {name: mixed(operation, name, static) for name, static in BOUNDS.items()}
    trips = [
        _trips(*(e if isinstance(e, int) else None for e in point))
        for point in zip(*bounds.values(), strict=True)
    ]
    if 1 not in trips or operation.get("mapping"):
        return False
    block = operation.body
    for number in reversed(range(len(trips))):
        if trips[number] == 1:
            variable = block.arguments[number]
            if variable.uses:
                rewriter.replace_uses(variable, rewriter.constant(bounds["lower"][number]))
            block.erase_argument(number)
    kept = [number for number, trip in enumerate(trips) if trip != 1]
    if not kept:
        _write_at_once(operation, rewriter)
        return True
    groups, statics = [], {}
    for name, static in BOUNDS.items():
        operands, numbers = index_entries([bounds[name][number] for number in kept])
        groups.append(operands)
        statics[static] = i64_array(numbers)
    others = {n: a for n, a in operation.attributes.items() if n not in statics and n != SEGMENTS}
    regions, operation.regions = operation.regions, []
    rewriter.replace_by(
        operation, forall, *groups, operation.named("outputs"), regions=regions, **statics, **others
    )
    return True


def _write_at_once(operation: Operation, rewriter: Rewriter) -> None:
    """A loop without dimensions is its body, and insertions in place of what it says is written."""
    block, outputs = operation.body, operation.named("outputs")
    written = dict(zip(block.arguments, outputs, strict=True))
    for inner in list(block.terminator.regions[0].block):
        target = inner.operand(1)
        groups = [inner.named(name) for name in ("offsets", "sizes", "strides")]
        statics = {n: a for n, a in inner.attributes.items() if n != SEGMENTS}
        made = insert_slice(
            inner.operand(0), written[target], *groups, types=[target.type],
            location=inner.location, **statics,
        )  # fmt: skip
        block.insert_before(block.terminator, made)
        written[target] = made.result
        inner.erase()
    results = list(written.values())
    rewriter.inline(block, operation, outputs)
    rewriter.replace(operation, results)


@forall.pattern
def _forall_of_casts(operation: Operation, rewriter: Rewriter) -> bool:
    """Outputs that are casts which only forget are what was cast, where slices alone use them."""
    outputs = operation.named("outputs")
    targets = operation.body.arguments[len(operation.body.arguments) - len(outputs) :]
    found = {
        number: source
        for number, (value, target) in enumerate(zip(outputs, targets, strict=True))
        if (source := forgotten(value)) is not None
        and all(user.name in _TAKES_ANY_SHAPE for user in target.users)
    }
    if not found:
        return False
    groups = [operation.named(name) for name in BOUNDS]
    kept = {n: a for n, a in operation.attributes.items() if n != SEGMENTS}
    values = [found.get(number, value) for number, value in enumerate(outputs)]
    for number, source in found.items():
        targets[number].type = source.type
    regions, operation.regions = operation.regions, []
    types = [value.type for value in values]
    made = rewriter.create(forall, *groups, values, types=types, regions=regions, **kept)
    replace_with_cast(rewriter, operation, made.results)
    return True


_TAKES_ANY_SHAPE = ("tensor.parallel_insert_slice", "tensor.extract_slice", "tensor.dim")
