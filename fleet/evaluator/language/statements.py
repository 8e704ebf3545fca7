"""Statements: assignment, control flow, definitions, exceptions, imports.

In: statement nodes. Out: their effects on scopes and objects, and how they complete. The one idea:
a condition that is known now decides at once; one that is known then becomes a region, and when a
side of it leaves early, the statements that follow belong to the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from fleet.evaluator.control import chains, recursion, regions
from fleet.evaluator.iterators.builtin import item_of
from fleet.evaluator.iterators.protocol import Iterator
from fleet.evaluator.language import (
    calls,
    class_statements,
    definitions,
    functions,
    imports,
    operators,
    targets,
    undecided,
)
from fleet.evaluator.language.expressions import unsupported
from fleet.evaluator.language.flow import exceptions, loops, stepping
from fleet.evaluator.language.flow.branches import branch, end, merge_ends
from fleet.evaluator.language.flow.exceptions import raise_, surely, try_
from fleet.evaluator.language.flow.managers import with_
from fleet.evaluator.language.flow.matching import match_
from fleet.evaluator.language.flow.searching import first_of
from fleet.evaluator.language.generators import coroutines
from fleet.evaluator.language.generators import functions as generator_functions
from fleet.evaluator.language.generators.cells import with_cells
from fleet.evaluator.language.operators import (
    BINARY,
    IN_PLACE,
    condition,
    dropped_by,
    is_term,
    next_mask,
    term_within,
)
from fleet.evaluator.language.running import (
    block,
    present_body,
    proceed,
    rest_of_body,
    run,
    run_body,
)
from fleet.evaluator.objects import attributes, instances, operations
from fleet.evaluator.objects.functions import annotation
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.state.completions import (
    BREAK,
    CONTINUE,
    Body,
    Completion,
    Following,
    Return,
)
from fleet.evaluator.state.machine import Language, Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import TABLE, Evaluation, each_time, prepared
from fleet.evaluator.state.reads import given_by, loaded
from fleet.evaluator.values import classes, lists, longs, numbers, objects
from fleet.evaluator.values.heap import SITED, Dict, List, set_state
from fleet.evaluator.values.then import (
    Array,
    Number,
    Object,
    Text,
    Then,
    Union,
    Unusable,
    is_run_time_list,
)
from fleet.syntax import tree


def expression(node: tree.AST) -> Evaluation:
    if isinstance(node.value, tree.Yield | tree.YieldFrom):
        return generator_functions.statement_of_yield(node)
    value_of = prepared(node.value)

    def execute(m: Machine) -> None:
        value_of(m)

    return execute


def assignment(node: tree.AST) -> Evaluation:
    value_of, stores = prepared(node.value), list(map(targets.storing, node.targets))
    if isinstance(node.value, tree.Yield | tree.YieldFrom):

        def store_all(m: Machine, value: Any) -> None:
            for store in stores:
                store(m, value)

        return generator_functions.assignment_of_yield(node, store_all)
    if len(stores) == 1 and is_term(node.value):
        term_of, (store,), (target,) = term_within(node.value), stores, node.targets
        masking: tuple[()] | tuple[tree.AST, tree.AST] | None = None

        def store_term(m: Machine) -> None:
            nonlocal masking
            if masking is None:
                masking = next_mask(m, node, target)
            value = term_of(m, dropped_by(m, target, masking)) if masking else value_of(m)
            m.node = node
            store(m, value)

        return store_term
    if len(stores) == 1 and type(node.targets[0]) is tree.Name:
        (store,) = stores
        return lambda m: store(m, value_of(m))

    def execute(m: Machine) -> None:
        value = value_of(m)
        m.node = node
        for store in stores:
            store(m, value)

    return execute


def annotated(m: Machine, node: tree.AST) -> None:
    if m.scope.kind != "function" and node.simple and not m.regions:
        notes = m.scope.values.get("__annotations__")
        if notes is None:
            m.scope.assign(m.heap, "__annotations__", Dict(m.heap))
            notes = m.scope.values["__annotations__"]
        notes[node.target.id] = annotation(m, node.annotation)
    if node.value is not None:
        targets.assign(m, node.target, m.evaluate(node.value))


def augmented(node: tree.AST) -> Evaluation:
    target, combine = node.target, _in_place(node)
    if isinstance(target, tree.Subscript):
        owner_of, key_of = prepared(target.value), prepared(target.slice)

        def on_item(m: Machine) -> None:
            owner, key = owner_of(m), key_of(m)
            if type(owner) is Union:
                m.language.split(m, owner, lambda one: change(m, one, key))
            else:
                change(m, owner, key)

        def change(m: Machine, owner: Any, key: Any) -> None:
            m.node = node
            old = operations.get_item(m, owner, key)
            if type(key) is slice and type(old) in SITED:
                old = settled(m, target, old)
            value = combine(m, old)
            operations.set_item(m, owner, key, value)

        return on_item
    if isinstance(target, tree.Attribute):
        owner_of, name = prepared(target.value), target.attr

        def on_attribute(m: Machine) -> None:
            owner = owner_of(m)
            m.node = node
            value = combine(m, attributes.get_attribute(m, owner, name))
            attributes.set_attribute(m, owner, name, value)

        return on_attribute
    old_of, store = prepared(tree.Name(target.id, tree.Load())), targets.storing(target)

    def on_name(m: Machine) -> None:
        old = old_of(m)
        m.node = node
        store(m, combine(m, old))

    return on_name


def _in_place(node: tree.AST) -> Callable[[Machine, Any], Any]:
    """What `old += value` gives, as a function of the old value."""
    value_of, kind = prepared(node.value), type(node.op)
    plain, in_place = BINARY[kind], IN_PLACE[kind]
    name, is_number = plain.__name__.strip("_"), kind is not tree.MatMult

    def combine(m: Machine, old: Any) -> Any:
        value = value_of(m)
        if type(old) in PLAIN and type(value) in PLAIN:
            try:
                return plain(old, value)
            except Exception:  # told below, with its place
                pass
        m.node = node
        return combined(m, old, value)

    def combined(m: Machine, old: Any, value: Any) -> Any:
        if type(old) is Union:
            return m.language.split(m, old, lambda one: combined(m, one, value))
        if is_number and longs.is_whole(old) and not isinstance(node.target, tree.Subscript):
            width = dropped_by(m, node.target, next_mask(m, node, node.target))
            if width is not None and type(value) is Union:
                return m.language.split(m, value, lambda one: combined(m, old, one))
            found = None if width is None else m.native(
                longs.within, m.backend.e, name, old, value, width)  # fmt: skip
            if found is not None:
                return found
        if isinstance(old, longs.Long):
            return m.native(plain, old, value)
        if isinstance(old, List) and kind is tree.Add:
            return m.native(extend, m, old, value)
        if kind is tree.Add and isinstance(old, Object) and isinstance(value, Iterator):
            value = stepping.rest(m, value)
        if m.policy.instances and (isinstance(old, Object) or isinstance(value, Object)):
            return instances.operated(m, name, old, value, lambda: otherwise(m, old, value), True)
        return otherwise(m, old, value)

    def otherwise(m: Machine, old: Any, value: Any) -> Any:
        if isinstance(value, Object) and not isinstance(old, Array | Object):
            return m.native(objects.operator, m.backend.e, f"i{name}", old, value)
        changes = isinstance(old, Array | Object) or classes.is_made(type(old))
        return m.native(in_place if changes or not isinstance(value, Then) else plain, old, value)

    return combine


def extend(m: Machine, items: List, more: Any) -> List:
    """items += more."""
    if isinstance(more, Iterator):
        more = stepping.rest(m, more)
    if isinstance(more, Object | Text):
        m.heap.outgrown(items)
    if is_run_time_list(more) and not is_run_time_list(items):
        if not all(numbers.plain_kind_of(item) == more.run_time.kind for item in items):
            m.heap.outgrown(items)
        joined = lists.concatenate(m.backend.e, items, more)
        items += []  # which is a write to it
        set_state(items, joined.run_time)
        return items
    items += more
    return items


def delete(m: Machine, node: tree.AST) -> None:
    for target in node.targets:
        targets.remove(m, target)


def nothing(node: tree.AST) -> Evaluation:
    return lambda m: None


def return_(node: tree.AST) -> Evaluation:
    if node.value is None:
        return lambda m: Return(None)
    value_of = prepared(node.value)
    return lambda m: Return(value_of(m))


def break_(node: tree.AST) -> Evaluation:
    return lambda m: BREAK


def continue_(node: tree.AST) -> Evaluation:
    return lambda m: CONTINUE


def if_(node: tree.AST) -> Evaluation:
    test, yes, no = condition(node.test), block(node.body), block(node.orelse)

    def execute(m: Machine) -> Completion:
        truth = test(m)
        if truth is True:
            return yes(m)
        if truth is False:
            return no(m)
        m.node = node
        return branch(m, truth, node.body, node.orelse, node)

    return execute


def assert_(node: tree.AST) -> Evaluation:
    test = condition(node.test)

    def fail(m: Machine) -> NoReturn:
        message = () if node.msg is None else (m.evaluate(node.msg),)
        m.node = node
        raise m.raised(AssertionError(*message))

    def execute(m: Machine) -> None:
        truth = test(m)
        m.node = node
        if isinstance(truth, Then):
            nothing, failing = (lambda: None), (lambda: fail(m))
            regions.merge(m, truth, regions.region(m, nothing), regions.region(m, failing))
        elif not truth:
            fail(m)

    return execute


def for_(node: tree.AST) -> Evaluation:
    items_of, target = prepared(node.iter), node.target

    def execute(m: Machine) -> Completion:
        items = items_of(m)
        m.node = node
        if loops.closes(m, node, items):
            return surely(m, lambda: iterated(m, items), items.close)
        return iterated(m, items)

    def iterated(m: Machine, items: Any) -> Completion:
        loop = Body(True, node)
        body = loop_body(m, node, loop)
        loops.iterate(m, target, items, body, key=node, node=node, loop=loop)
        return after_loop(m, node, loop)

    return execute


def loop_body(m: Machine, node: tree.AST, loop: Body) -> Callable[[], None]:
    """Evaluates one iteration; `loop` is told when it leaves the loop."""
    present = Following(node.body, loop, True)

    def iteration() -> None:
        completion = proceed(m, present)
        if completion is not None and completion is not CONTINUE:
            end(m, completion, loop)
        if not loop.untouched and loop.continued.content is not False:
            m.heap.touch(loop.continued)
            loop.continued.content = False

    return iteration


def after_loop(m: Machine, node: tree.AST, loop: Body) -> Completion:
    """What follows a loop: its `else`, or the rest of the function if it did not return."""
    m.node = node
    if loop.untouched:
        return run(m, node.orelse) if node.orelse else None
    returned = loop.returned.content
    if isinstance(returned, Then) and not (_is_endless(node) and loop.broken.content is False):
        return _returned_in_loop(m, node, loop, returned)
    if returned is not False:
        return Return(loop.value.content)
    return _loop_else(m, node, loop)


def _is_endless(node: tree.AST) -> bool:
    """Whether a loop's test, as its text says, always holds."""
    return isinstance(node, tree.While) and isinstance(node.test, tree.Constant) and bool(
        node.test.value)  # fmt: skip


def _loop_else(m: Machine, node: tree.AST, loop: Body) -> Completion:
    broken = loop.broken.content
    if not node.orelse or broken is True:
        return None
    if isinstance(broken, Then):
        return branch(m, broken, [], node.orelse)
    return run(m, node.orelse)


def _returned_in_loop(m: Machine, node: tree.AST, loop: Body, returned: Number) -> Completion:
    present = present_body(m)
    rest = rest_of_body(m)

    def otherwise() -> Completion:
        depth = len(m.following)
        m.following.append(Following(rest, present, True))
        try:
            completion = _loop_else(m, node, loop)
            return end(m, completion if completion is not None else run(m, rest), present)
        finally:
            del m.following[depth:]

    return merge_ends(
        m, returned,
        regions.region(m, lambda: end(m, Return(loop.value.content), present)),
        regions.region(m, otherwise),
    )  # fmt: skip


def while_(node: tree.AST) -> Evaluation:
    holds = condition(node.test)
    given = given_by(node.test) - loaded(node.test)

    def execute(m: Machine) -> Completion:
        loop = Body(True, node)
        for name in given:
            if type(m.scope.values.get(name)) is Unusable:  # nobody asks for what it was
                m.heap.touch(m.scope.values)
                del m.scope.values[name]

        def test() -> Any:
            m.node = node
            truth = holds(m)
            m.node = node
            return truth

        loops.repeat(m, test, loop_body(m, node, loop), node, loop)
        return after_loop(m, node, loop)

    return execute


TABLE |= {
    tree.Expr: expression,
    tree.Assign: assignment,
    tree.AnnAssign: each_time(annotated),
    tree.AugAssign: augmented,
    tree.Delete: each_time(delete),
    tree.Pass: nothing,
    tree.Global: nothing,
    tree.Nonlocal: nothing,
    tree.Return: return_,
    tree.Break: break_,
    tree.Continue: continue_,
    tree.If: if_,
    tree.Assert: assert_,
    tree.For: for_,
    tree.While: while_,
    tree.FunctionDef: each_time(definitions.function),
    tree.ClassDef: each_time(class_statements.class_),
    tree.Raise: each_time(raise_),
    tree.Try: each_time(try_),
    tree.With: each_time(with_),
    tree.Import: each_time(imports.import_),
    tree.ImportFrom: each_time(imports.import_from),
    tree.AsyncFunctionDef: unsupported("`async def`", "write the function without async"),
    tree.AsyncFor: unsupported("`async for`", "write the loop without async"),
    tree.AsyncWith: unsupported("`async with`", "write it without async"),
    tree.Match: each_time(match_),
    tree.TryStar: unsupported("`except*`", "use except"),
}
LANGUAGE = Language(
    prepared, run, run_body, regions.split, regions.choose, calls.call_value,
    functions.enter_from_python, calls.enter_method,
    calls.object_method, stepping.rest, stepping.has_item, operators.equal,
    exceptions.attempted, item_of,
    calls.taken, stepping.walked,
    calls.construct, class_statements.type_new, recursion.call,
    functions.make_function, first_of, chains.note, undecided.decide,
    coroutines.start, with_cells,
)
