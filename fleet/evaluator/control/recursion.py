"""Recursion that ends at run time: a function of the schedule, which calls itself.

In: a call of a function that calls itself under a run-time condition. Out: a `func.func` and a
call of it. The one idea: the body is evaluated once for the kinds of its arguments, and again until
the kind of its result settles (at first, the calls within give nothing: those paths do not count).
Run-time values of its surroundings become further parameters, and what it changes there, and what
travels out of it, further results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from types import MethodType
from typing import Any

from fleet.dialects import func
from fleet.evaluator.control import copies, joining, leaving, made_functions, regions
from fleet.evaluator.control.made_functions import Made, Recursion
from fleet.evaluator.control.outcomes import Outcome, Stopped
from fleet.evaluator.control.places import WHOLE, Place
from fleet.evaluator.objects import held_classes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.instances import Dispatch
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.memory import Again, Memory
from fleet.evaluator.state.outgrown import hold_functions, outgrown
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.values import classes, kinds, numbers
from fleet.evaluator.values.heap import MISSING, Held, Journal, List
from fleet.evaluator.values.kinds import Kind, simple, views
from fleet.evaluator.values.then import Array, Number
from fleet.ir.attributes import SymbolRefAttr, TypeAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType, i64
from fleet.syntax import tree

MANY = 500
"""Operations within a call of a function that make another within it a recursion at once."""
DEEP = 3
"""Calls of one function within another, each under further run-time conditions, that make it a
recursion that ends at run time; one that ends sooner at build time is inlined."""
DEEP_GENERATORS = 12
"""Generators of a function within one another, each under a condition, that run time may resume."""
MAX_GENERATORS = 30
"""Generators of one function within another, each under further run-time conditions: they are
inlined, so that recursion has to end at build time."""
MAX_NESTED = 20
"""Kinds of arguments that a recursion may go through."""
MAX_ROUNDS = 12


def watch(m: Machine, node: tree.AST) -> None:
    """Notice that a function is going to be called within itself for ever, under a condition."""
    scopes = _calls(m, node)
    levels = {scope.level for scope in scopes}
    if len(levels) < 2 or max(levels) >= m.regions:
        return
    if len(levels) >= DEEP or m.backend.e.emitted - scopes[0].emitted > MANY:
        m.policy.recursive.add(id(node))
        raise Again


def is_deep(m: Machine, node: tree.AST, is_known: bool) -> bool:
    """Whether a generator function is going to be begun within itself for ever.

    is_known: whether run time cannot resume it, so that its recursion must end at build time.
    """
    levels = {scope.level for scope in _calls(m, node)}
    most = MAX_GENERATORS if is_known else DEEP_GENERATORS
    return len(levels) >= most and max(levels) < m.regions


def _calls(m: Machine, node: tree.AST) -> list[Scope]:
    """The calls of a function that we are in, the outermost first."""
    return [scope for scope in map(_of_function, [*m.callers, m.scope])
            if scope.kind == "function" and scope.called[0]._node is node]  # fmt: skip


def _of_function(scope: Scope) -> Scope:
    """The scope that a comprehension stands in."""
    while scope.kind == "comprehension":
        scope = scope.parent
    return scope


def call(
    m: Machine, function: Function | Dispatch, values: dict[str, Any],
    run: Callable[[dict[str, Any]], Any],
) -> Any:  # fmt: skip
    """function(values) as a call in the schedule. run: evaluates its body for such values."""
    parameters = {name: _parameter(m, function, name, value) for name, value in values.items()}
    for known in reversed(m.recursions):
        if made_functions.is_alike(known.function, function):
            if known.parameters == parameters:
                _check_room(m)
                return _call_within(m, known, values)
            _pass_by_value(m, known, parameters)
    made = made_functions.find(m, function, parameters)
    if made is not None:
        _check_room(m)
        operation = _emit(m, made.recursion, values)
        operation.operands = (*operation.operands, *made.captured)
        return _returned(m, made.recursion, operation, values)
    _note_lengths(m, function, parameters)
    if len(m.recursions) >= MAX_NESTED:
        counted = Counter(id(known.function._node) for known in m.recursions)
        most = counted.most_common(1)[0][0]  # which need not be the one that is called here
        same = [known for known in m.recursions if id(known.function._node) == most]
        outgrown(m, tuple(one for known in same for one in _instances(known)), m.error(
            "the arguments of this recursion have other types at each level",
            "call the function with arguments of the same types",
        ))  # fmt: skip
    m.defined += 1
    recursion = Recursion(function, parameters, f"{symbol(function)}_recursion_{m.defined}")
    return _define(m, recursion, values, run)


def _check_room(m: Machine) -> None:
    """Before a call: where a handler names it, RecursionError is raised here, not at the call."""
    if not any(one in _NAMED for entry in m.catching for one in entry):
        return
    e = m.backend.e
    (levels,) = e.host("levels", results=[("int", i64)])
    has_room = numbers.compare(e, "gt", Number(e, "int", levels), 0)
    m.native(numbers.require, e, has_room, "RecursionError", "maximum recursion depth exceeded")


_NAMED = (RecursionError, RuntimeError)


def _pass_by_value(m: Machine, known: Recursion, parameters: dict[str, Kind]) -> None:
    """Where levels get parts of one array, these are passed; where they get arrays or lists of
    their own, it is their contents."""
    e, node = m.backend.e, known.function._node
    learnt = False
    for name, kind in known.parameters.items():
        other, place = parameters.get(name), (id(node), name)
        if kind == other:
            continue
        if isinstance(kind, views.ViewKind):
            m.policy.by_value.add(place)
            learnt = True
        elif isinstance(kind, simple.Known) and isinstance(kind.value, Array | List):
            value = other.value if isinstance(other, simple.Known) else None
            if place in m.policy.by_value:
                outgrown(m, (kind.value, value), m.error(
                    f"the levels of this recursion are given lists for `{name}` that have no kind "
                    "in common", "give each level a list of numbers of one kind",
                ))  # fmt: skip
            parts = isinstance(kind.value, Array) and isinstance(value, Array) and (
                kind.value.rank == value.rank
                and views.view_kind(e, kind.value) == views.view_kind(e, value) is not None
            )
            (m.policy.as_view if parts else m.policy.by_value).add(place)
            learnt = True
    if learnt:
        raise Again


def _note_lengths(m: Machine, function: Function | Dispatch, parameters: dict[str, Kind]) -> None:
    """Notice parameters that are tuples of other lengths at each level."""
    same = [known.parameters for known in m.recursions if known.function._node is function._node]
    found = [
        (id(function._node), name) for name, kind in parameters.items()
        if kinds.have_many_lengths([kind, *(one.get(name) for one in same)])
    ]  # fmt: skip
    if found:
        m.policy.lengthening.add(*found)
        raise Again


def _instances(recursion: Recursion) -> list[Any]:
    """The instances of the program's classes that a level of a recursion was given as such."""
    found = [one for kind in recursion.parameters.values() for one in kinds.opaque(kind)]
    return [one for one in found if classes.is_made(type(one))]


def symbol(function: Function | Dispatch) -> str:
    """What functions of the schedule that are made of this one are called."""
    return "".join(letter if letter.isalnum() else "_" for letter in function.__qualname__)


_OF_ATTRIBUTES = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__")
"""Methods that are given the name of an attribute."""


def _parameter(m: Machine, function: Function | Dispatch, name: str, value: Any) -> Kind:
    """The kind of a parameter: what any value like this one fits.

    An array or list that is passed on as it is is itself, so that it can be written to; the name of
    an attribute stays known, since what has it is looked for by the name.
    """
    if type(value) is str and function.__qualname__.rpartition(".")[2] in _OF_ATTRIBUTES:
        return simple.Known(value)
    passed_on = isinstance(value, Array) and not value.scalar and value.frozen is None
    place = id(function._node), name
    if (passed_on or type(value) is List) and place not in m.policy.by_value:
        view = views.view_kind(m.backend.e, value) if place in m.policy.as_view else None
        return view or simple.Known(value)
    kind = kinds.widest(kinds.describe(value))
    if kinds.is_tuple(kind) and place in m.policy.lengthening:
        return simple.ObjectKind(tuple)
    return kind


def _call_within(m: Machine, recursion: Recursion, values: dict[str, Any]) -> Any:
    """A call of a function in its own body."""
    recursion.asked = True
    for inner in m.recursions[m.recursions.index(recursion) + 1 :]:
        inner.needs[id(recursion)] = recursion
    looked_at = {one for entry in m.catching[recursion.catching :] for one in entry}
    if not looked_at <= set(recursion.caught):
        recursion.caught += tuple(looked_at - set(recursion.caught))
        recursion.unsettled = True
    _note_effects(m, recursion)
    for key, (place, kind) in recursion.places.items():
        wider = _joined(m, place, kind, _held(m, place, place.read()))
        if wider != kind:
            recursion.places[key] = place, wider
            recursion.unsettled = True
    if recursion.result is None or recursion.unsettled:
        recursion.unsettled = True
        raise Stopped
    return _returned(m, recursion, _emit(m, recursion, values), values)


def _note_effects(m: Machine, recursion: Recursion) -> None:
    """What the body has changed so far travels to the call within it."""
    first, *inner = m.heap.journals[recursion.journals :]
    for journal in (first, *inner):
        for obj, before, now in journal.effects():
            if first.is_new(obj) or obj is m.pending:
                continue
            for place in joining.places_of(m, obj, [before, now]):
                key = id(obj), place.key
                if key in recursion.places:
                    continue
                kind = kinds.describe(_held(m, place, place.sides[0]))
                if place.key is WHOLE and isinstance(obj, List):
                    kind = joining.join_lists(m, obj, *place.sides)
                recursion.places[key] = place, kind
                recursion.unsettled = True


def _held(m: Machine, place: Place, value: Any) -> Any:
    """What a place holds, which may be that it has no value."""
    return joining.unbound(m, place) if value is MISSING and place.key is not WHOLE else value


def _emit(m: Machine, recursion: Recursion, values: dict[str, Any]) -> Operation:
    e = m.backend.e
    operands = [
        native for name, kind in recursion.parameters.items()
        for native in kind.pack(e, values[name])
    ]  # fmt: skip
    for place, kind in recursion.places.values():
        operands += kind.pack(e, _held(m, place, place.read()))
    callee = SymbolRefAttr(recursion.name)
    return e.op(func.call, operands, types=recursion.types(), callee=callee)


def _returned(
    m: Machine, recursion: Recursion, operation: Operation, values: dict[str, Any]
) -> Any:
    """After a call with these values: what it changed, raised and returned."""
    e, given = m.backend.e, iter(operation.results)
    value = recursion.result.unpack(e, given)
    if isinstance(value, Array) and recursion.fresh:
        value.frozen = None
    for place, kind in recursion.places.values():
        place.write(m.heap, kind.unpack(e, given))
    regions.set_pending(m, recursion.raised.unpack(e, given))
    regions.go_on(m)
    if recursion.blank:
        raise Stopped
    if not (isinstance(value, Array) and recursion.fresh):
        copies.note(m, value, [*values.values(), *recursion.old])
    return value


def _is_body(m: Machine, function: Function | Dispatch) -> bool:
    """Whether it is the body of a generator that run time resumes."""
    return any(vars(cls)["__next__"] is function for cls in m.coroutines.values())


def _define(
    m: Machine, recursion: Recursion, values: dict[str, Any], run: Callable[[dict[str, Any]], Any]
) -> Any:
    e = m.backend.e
    memory, outer, made = Memory(), m.memory, len(m.functions)
    generating, is_body = m.generating, _is_body(m, recursion.function)
    recursion.catching = len(m.catching)
    read, where = made_functions.begin(m, recursion), m.location()
    for _ in range(MAX_ROUNDS):
        recursion.rounds += 1
        recursion.needs.clear()
        block = Block()
        taken = [
            [block.add_argument(type, name) for type in kind.types()]
            for name, kind in recursion.parameters.items()
        ]
        carried = [
            (place, kind, [block.add_argument(type) for type in kind.types()])
            for place, kind in recursion.places.values()
        ]
        recursion.unsettled = recursion.asked = recursion.carries = False
        recursion.journals = len(m.heap.journals)
        met = m.generators_met
        m.recursions.append(recursion)
        m.memory, m.generating = memory, []
        memory.begun.clear()
        del m.functions[made:]
        m.made_functions = [one for one in m.made_functions if one.last < made]

        def body(taken: list = taken, carried: list = carried) -> Any:
            inside = {
                name: kind.unpack(e, iter(natives))
                for (name, kind), natives in zip(recursion.parameters.items(), taken, strict=True)
            }
            given = [(place, kind.unpack(e, iter(natives))) for place, kind, natives in carried]
            for place, value in given:
                place.write(m.heap, value)
            with leaving.inside(m, leaving.Generating()) if is_body else nullcontext():
                found = run(inside)
            source = classes.of_ours(found, "object_source")
            return found if source is None else source()  # an iterator over what the run has

        if recursion.caught:
            m.catching.append(recursion.caught)
        try:
            outcome = regions.region(m, body, block)
        finally:
            m.memory, m.generating = outer, generating
            m.recursions.pop()
            del m.catching[recursion.catching :]
        _widen(m, recursion, outcome)
        if m.generators_met > met:  # what it asks for may be of these classes
            recursion.unsettled = recursion.carries = True
        if recursion.is_done:
            operation, captured = _finish(m, recursion, outcome, values, made)
            made_functions.pass_needs(m, recursion, bool(captured))
            if read is not None and read.has(captured):
                m.made_functions.append(Made(
                    recursion, captured, read, made_functions.looked_at(m) | {*recursion.caught},
                    [(one, one.rounds) for one in recursion.needs.values()], where,
                    made, len(m.functions) - 1, held_classes.known_classes(m),
                ))  # fmt: skip
            return _returned(m, recursion, operation, values)
        for operation in block:
            operation.drop_references()
    raise m.error("what this recursion returns or changes does not settle on one type")


def _widen(m: Machine, recursion: Recursion, outcome: Outcome) -> None:
    """Widen what a call is taken to give to what the body gives."""
    if not outcome.ended and not outcome.raised:
        found = outcome.kinds([outcome.value])[0]
        made = [] if found is None else [
            one for one in kinds.opaque(found) if _is_made_in(outcome.journal, one)]
        hold_functions(m, made or [outcome.value])
        if found is None or made:
            outgrown(m, outcome.value, m.error(
                "what this recursion returns cannot be represented at run time",
                "return numbers, texts, arrays, or tuples of them",
            ))  # fmt: skip
        if recursion.blank:
            recursion.result, recursion.blank = None, False
        _learn(recursion, "result", kinds.widest(found))
        value = outcome.value
        recursion.old += [
            one for one in copies.arrays_in(value)
            if not any(one is other for other in recursion.old)
            and (isinstance(one.frozen, Held) or not outcome.journal.is_new(one.cell))
        ]  # fmt: skip
        if recursion.fresh and isinstance(value, Array) and not value.scalar and (
                value.frozen is not None or not outcome.journal.is_new(value.cell)):  # fmt: skip
            recursion.fresh, recursion.unsettled = False, True
    elif recursion.result is None:
        _learn(recursion, "result", simple.Known(None))
        recursion.blank = outcome.ended
    for obj, before, after in outcome.effects.values():
        if obj is m.pending:
            _learn(recursion, "raised", kinds.widest(kinds.describe(after)))
            continue
        for place in joining.places_of(m, obj, [before, after]):
            key = id(obj), place.key
            first, last = place.sides
            known = recursion.places.get(key)
            kind = kinds.describe(_held(m, place, first)) if known is None else known[1]
            if known is None and place.key is WHOLE and isinstance(obj, List):
                kind = joining.join_lists(m, obj, first, last)
            wider = _joined(m, place, kind, last, outcome)
            if known is None or wider != kind:
                recursion.places[key] = place, wider
                recursion.unsettled = recursion.carries = True


def _is_made_in(journal: Journal, value: Any) -> bool:
    """Whether an object came to be during a journal, so that each call makes another."""
    if type(value) is Function:
        return value._scope.kind != "module" and journal.is_new(value._scope.values)
    if isinstance(value, MethodType):
        return _is_made_in(journal, value.__self__)
    in_dictionary = classes.is_made(type(value)) and not classes.has_site(type(value))
    own = classes.entries(value) if in_dictionary else value
    return journal.is_new(own)


def _learn(recursion: Recursion, name: str, found: Kind) -> None:
    before = getattr(recursion, name)
    wider = found if before is None else kinds.join_kinds(before, found)
    if wider != before:
        setattr(recursion, name, wider)
        recursion.unsettled = True


def _joined(
    m: Machine, place: Place, kind: Kind, value: Any, outcome: Outcome | None = None
) -> Kind:
    """The kind of a place that calls change."""
    wider = made_functions.joined_kind(place, kind, value, outcome)
    if wider is None:
        outgrown(m, (place.owner, value) if isinstance(place.owner, List) else value, m.error(
            f"this recursion ends at run time and changes {place.name}, which is outside of the "
            "function and has values of other types at each level",
            "return the new value instead, or write it as a loop",
        ))  # fmt: skip
    return wider


def _finish(
    m: Machine, recursion: Recursion, outcome: Outcome, values: dict[str, Any], made: int
) -> tuple[Operation, list[Value]]:
    """The function, and the call from outside, with what it takes besides.

    made: how many functions there were before it.
    """
    e = m.backend.e
    block = outcome.block
    with e.builder.inside(block), outcome.replayed():
        none = outcome.ended or outcome.raised
        returned = recursion.result.placeholder(e) if none else recursion.result.pack(
            e, outcome.value)  # fmt: skip
        for place, kind in recursion.places.values():
            returned += kind.pack(e, _held(m, place, place.read()))
        returned += recursion.raised.pack(e, m.pending.content)
        e.op(func.return_, returned)
    inner = m.functions[made:]
    outer = captured(block)
    arguments = _add_arguments(block, outer)
    inputs = tuple(argument.type for argument in block.arguments)
    kind = TypeAttr(FunctionType(inputs, tuple(recursion.types())))
    function = func.func(
        sym_name=recursion.name, sym_visibility="private", function_type=kind,
        regions=[Region([block])],
    )  # fmt: skip
    function.location = m.location()
    if outer:
        _pass_on(recursion.name, function, arguments, outer, inner)
    m.functions.append(function)
    made_functions.settle(m, recursion)
    _check_room(m)
    operation = _emit(m, recursion, values)
    operation.operands = (*operation.operands, *outer)
    return operation, outer


def _add_arguments(block: Block, captured: list[Value]) -> list[Value]:
    """Values from outside as further arguments."""
    arguments = [block.add_argument(value.type, value.hint) for value in captured]
    inner = {id(operation) for top in block for operation in top.walk()}
    for value, argument in zip(captured, arguments, strict=True):
        value.replace_uses_if(argument, lambda operation: id(operation) in inner)
    return arguments


def _pass_on(
    name: str, function: Operation, arguments: list[Value], captured: list[Value],
    inner: list[Operation],
) -> None:  # fmt: skip
    """Calls within pass on what the function takes from outside, also through other functions."""
    calls: dict[int, list[Operation]] = {}
    for one in (function, *inner):
        calls[id(one)] = [item for item in one.walk() if item.definition is func.call]
    taking = {name: arguments}
    grown = True
    while grown:
        grown = False
        for one in inner:
            callees = {str(item.get("callee")) for item in calls[id(one)]}
            own = str(one.get("sym_name"))
            if own not in taking and callees & taking.keys():
                taking[own] = [one.body.add_argument(value.type, value.hint) for value in captured]
                inputs = tuple(argument.type for argument in one.body.arguments)
                results = one.get("function_type").results
                one.attributes["function_type"] = TypeAttr(FunctionType(inputs, results))
                grown = True
    for one in (function, *inner):
        own = taking.get(name if one is function else str(one.get("sym_name")))
        for item in calls[id(one)]:
            if str(item.get("callee")) in taking:
                item.operands = (*item.operands, *own)


def captured(block: Block) -> list[Value]:
    """The values from outside that a block's operations use."""
    inside: set[int] = {id(argument) for argument in block.arguments}
    found: dict[int, Value] = {}
    operations = [operation for top in block for operation in top.walk()]
    for operation in operations:
        inside.update(map(id, operation.results))
        for region in operation.regions:
            inside.update(id(argument) for one in region.blocks for argument in one.arguments)
    for operation in operations:
        for operand in operation.operands:
            if id(operand) not in inside:
                found[id(operand)] = operand
    return list(found.values())
