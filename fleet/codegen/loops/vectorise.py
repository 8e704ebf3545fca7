"""Choose the loop of each nest to run in strips, and rewrite it as a vector loop.

In: kernels of scalar loops. Out: the same with vector loops, none inside another. The one idea: any
parallel or reduction loop of a nest can be the vector loop, whatever stands inside it; loops inside
become serial loops over vectors. Which one is best is a matter of counting the instructions that
would be executed (`plan`), where strided and indexed accesses count for more than unit-stride ones.
So `C[i, j] += A[i, k] * B[k, j]` gets strips of j with the running sums in a register through the
k loop, and a row sum gets strips of the row with one running sum an element of the strip.

Loops that a program wrote itself are looked at as they are without branches (`predicate.py`): a
copy is converted to find what pays, and what does is converted itself. Checks that may fail make
the strip be left to the loop as it was, which stands behind it.

See Allen and Kennedy, Optimizing Compilers for Modern Architectures, chapters 2, 5 and 7.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from fleet.codegen.kernels import kernels_of
from fleet.codegen.loops.carry import carry_across
from fleet.codegen.loops.dead_values import drop_unwanted
from fleet.codegen.loops.dependences import free_nests, mark_parallel
from fleet.codegen.loops.hoist import hoist, hoist_inside
from fleet.codegen.loops.nests import erase_dead, is_loop, trip_count
from fleet.codegen.loops.predicate import flatten
from fleet.codegen.loops.pressure import FUNCTION_INSTRUCTIONS
from fleet.codegen.loops.promote import promote, promote_in_strip
from fleet.codegen.loops.reductions import use_fma
from fleet.codegen.loops.running import carried_by, may_leave
from fleet.codegen.loops.searches import pass_over, searches_in
from fleet.codegen.loops.strips import Strips
from fleet.codegen.loops.subscripts import settle_subscripts
from fleet.codegen.loops.varying import Varying
from fleet.diagnostics import Location
from fleet.dialects import loop
from fleet.dialects.loop.access import is_access
from fleet.ir.core import Block, Operation
from fleet.ir.flow import LoopLike
from fleet.ir.mapping import IRMapping
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import count, may_apply

USUAL_TRIPS = 48
"""What a trip count that is not known is taken to be."""
USUAL_STRIP = 32
"""Elements of a strip on the machine that costs are estimated for."""

SCALAR = 0.25
"""What a scalar operation counts, in vector instructions."""
LONGER = 1.5
"""How much longer a strip's while loop runs than one iteration's: as long as the longest."""
CARRIED = 4.0
"""What each running value costs once."""


@register_pass("vectorise", "one loop of each nest in strips of vectors")
def run(module: Operation) -> None:
    """Run one loop of each nest in strips of the machine's vector length."""
    for kernel in kernels_of(module):
        ordered = "ordered" in kernel.attributes
        _prepare(kernel, ordered)
        for nest in list(free_nests(kernel.body)):
            chosen_loops = choose(nest) if ordered else plan(nest).chosen
            if ordered:
                mark_parallel(nest)
            for chosen in chosen_loops:
                if may_apply():
                    with rewriting("run a loop in strips", chosen):
                        _rewrite(chosen, ordered)
                    count("loops vectorised")
        if ordered:
            for search in searches_in(kernel):
                if may_apply():
                    with rewriting("pass over strips in which nothing is found", search.loop):
                        found = pass_over(search, _pays)
                    if found:
                        count("searches in strips")
            carry_across(kernel)
            settle_subscripts(kernel)
        erase_dead(kernel)
        hoist(kernel, loads=not ordered)


def _prepare(kernel: Operation, ordered: bool) -> None:
    hoist(kernel, loads=not ordered)
    if ordered:
        promote(kernel)
        drop_unwanted(kernel)
        hoist(kernel, loads=False)
    else:
        use_fma(kernel)


def reasons(module: Operation) -> dict[Location, list[tuple[Location, str | None]]]:
    """For each kernel that the program wrote, by its place, the places of its loops and why each
    does not run in vectors (None: it does). The module is prepared as by the pass."""
    found = {}
    for kernel in kernels_of(module):
        if "ordered" in kernel.attributes:
            _prepare(kernel, ordered=True)
            why: dict[Operation, str | None] = {}
            for nest in list(free_nests(kernel.body)):
                why |= explain(nest)
            loops = [op for op in kernel.walk() if LoopLike.of(op) is not None]
            for search in searches_in(kernel):
                if not _runs_in(search.loop, why) and pass_over(search, _pays):
                    why[search.loop] = None
            found[kernel.location] = [
                (op.location, why[op] if op in why else _branches(op, why)) for op in loops
            ]
    return found


def _branches(op: Operation, why: Mapping[Operation, str | None]) -> str:
    if op.definition is loop.while_:
        if _runs_in(op, why):
            return "a loop inside it or around it does"
        return "only an iteration knows whether there is another"
    return "what is inside it branches"


def _runs_in(op: Operation, why: Mapping[Operation, str | None]) -> bool:
    """Whether it is part of a loop that runs in vectors."""
    return any(why.get(one, "") is None for one in op.around())


def _pays(nest: Operation) -> bool:
    """Whether a loop in strips is cheaper than as it is."""
    return bool(plan(nest).chosen)


def _rewrite(chosen: Operation, ordered: bool) -> None:
    rest = None
    if ordered:
        as_it_was = chosen.clone()
        promote_in_strip(chosen)
        flatten(chosen)
        hoist_inside(chosen)
        mark_parallel(chosen, leaving=True)
        if may_leave(chosen):
            rest = chosen.parent.insert_after(chosen, as_it_was)
        else:
            as_it_was.drop_references()
    Strips(chosen, rest).rewrite()


def choose(nest: Operation) -> list[Operation]:
    """Of a nest that the program wrote, the loops to run in strips."""
    return [op for op, why in explain(nest).items() if why is None]


def explain(nest: Operation) -> dict[Operation, str | None]:
    """For each loop of a nest that the program wrote why it does not run in strips; None: it does.
    """
    mapping = IRMapping()
    twin = nest.parent.insert_before(nest, nest.clone(mapping))
    promote_in_strip(twin)
    flatten(twin)
    hoist_inside(twin)
    mark_parallel(twin, leaving=True)
    best = plan(twin)
    reasons = {
        op: None if mapping.operations[op] in best.chosen else
        best.reasons.get(mapping.operations[op], "a loop inside it or around it does")
        for op in nest.walk() if is_loop(op)
    }  # fmt: skip
    twin.drop_references()
    twin.detach()
    return reasons


@dataclass(frozen=True)
class Plan:
    """Estimated cost of running a loop, and which loops in it to vectorise for that. reasons: why
    others are not."""

    cost: float
    chosen: tuple[Operation, ...] = ()
    reasons: dict[Operation, str] = field(default_factory=dict)


def plan(nest: Operation) -> Plan:
    """The cheapest way to run a loop: itself in strips, or serially with the best inside."""
    trips = trip_count(nest)
    count = USUAL_TRIPS if trips is None else trips
    cost, chosen = SCALAR, ()
    reasons: dict[Operation, str] = {}
    for op in nest.body:
        if op.regions and is_loop(op):
            best = plan(op)
            cost += best.cost
            chosen += best.chosen
            reasons |= best.reasons
        else:
            cost += _serial_cost(op)
    cost *= count
    if trips is not None and trips < 2:
        return Plan(cost, chosen, reasons | {nest: "it runs once at most"})
    strips = strip_cost(nest, math.ceil(count / USUAL_STRIP))
    if isinstance(strips, str) or strips >= cost:
        why = strips if isinstance(strips, str) else "that would take more instructions"
        return Plan(cost, chosen, reasons | {nest: why})
    return Plan(strips, (nest,), reasons)


def strip_cost(nest: Operation, strips: int) -> float | str:
    """The cost of a loop in strips, or why it cannot be."""
    if nest.get("step") != 1 or loop.is_vector_loop(nest):
        return "its step is not 1"
    if nest.get("iterator") is None:
        return "an iteration may read or write what another one writes"
    carried = carried_by(nest)
    if carried.reason is not None:
        return carried.reason
    varying = Varying(nest, carried.operations)
    if varying.reason is not None:
        return varying.reason
    return CARRIED * len(carried.running) + strips * _body_cost(nest.body, varying)


def _serial_cost(op: Operation) -> float:
    """Of an operation that is no loop that counts."""
    if op.definition is loop.while_:
        return USUAL_TRIPS * sum(_serial_cost(inner) for inner in op.walk() if inner is not op)
    return SCALAR * FUNCTION_INSTRUCTIONS.get(op.name, 1)


def _body_cost(block: Block, varying: Varying) -> float:
    total = SCALAR
    for op in block:
        if op.regions and is_loop(op):
            trips = trip_count(op)
            total += (USUAL_TRIPS if trips is None else trips) * _body_cost(op.body, varying)
        elif op.definition is loop.while_:
            inside = sum(_body_cost(region.block, varying) for region in op.regions)
            total += LONGER * USUAL_TRIPS * inside
        elif op.name == "arith.constant" or op not in varying.operations:
            total += SCALAR
        elif is_access(op):
            total += varying.access_cost(op)
        else:
            total += FUNCTION_INSTRUCTIONS.get(op.name, 1)
    return total
