"""Generator functions: driven by the loop that consumes them, or resumed item by item.

In: a call of a function with `yield`. Out: an iterator. The one idea: there are two ways to run its
body. A loop over a fresh generator *drives* it: the body is evaluated as that of any function, and
each `yield` evaluates one iteration of the consumer, so a run-time loop inside becomes the
consumer's run-time loop. All else (`next`, `send`, `zip`) *resumes* it: where it stands is a stack
of the statements around the present `yield`, kept in a cell that is journaled.
"""

from __future__ import annotations

from collections.abc import Callable
from types import GeneratorType
from typing import Any

from fleet.diagnostics import Frame
from fleet.evaluator.control import leaving, recursion, regions
from fleet.evaluator.control.run_time_loops import has_left
from fleet.evaluator.iterators.advancing import to_throw
from fleet.evaluator.iterators.protocol import END, Iterator, Use
from fleet.evaluator.language.flow import loops, stepping
from fleet.evaluator.language.flow.branches import branch, leaves
from fleet.evaluator.language.generators import coroutines, resumption
from fleet.evaluator.language.generators.driving import Driver
from fleet.evaluator.language.generators.resumption import Entry
from fleet.evaluator.language.running import run_body
from fleet.evaluator.objects import attributes
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.members import declare
from fleet.evaluator.state.completions import Body, Completion, Return
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.prepared import TABLE, Evaluation, prepared
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.values.heap import Bindings, Cell, Progress
from fleet.evaluator.values.then import Then
from fleet.syntax import tree

FRESH, OVER, LOST = "fresh", "over", "lost"
"""What a generator's cell holds where it has not begun, has ended, or stands where run time knows;
else it is the stack of `resumption`."""


class GeneratorObject(Iterator):
    """What a call of a generator function gives."""

    def __init__(self, m: Machine, function: Function, values: Bindings) -> None:
        super().__init__(m)
        self.function = function
        self.scope = Scope(
            "function", function._scope, function._names, function.__qualname__, values)
        self.scope.called = (function, tuple(values.values()))
        self.scope.driver = None
        self.scope.level = m.regions
        self.scope.emitted = 0 if m.backend.e is None else m.backend.e.emitted
        self.values = values
        self.state = Progress(FRESH)
        self.result = Progress(None)

    def held(self) -> list[Any]:
        return [self.function, self.values, self.state, self.result]

    def is_own(self) -> bool:
        return True

    # -- driven

    def drivable(self) -> bool:
        return self.state.content is FRESH

    def stays(self) -> bool:
        """Whether a loop that leaves it has to leave it as it is: what is open in it stays open."""
        return any(isinstance(node, tree.Try | tree.With) and resumption.has_yield(node)
                   for node in tree.walk(self.function._node))  # fmt: skip

    def looks(self) -> bool:
        """Whether it would take what its consumer raises for its own."""
        return any(isinstance(node, tree.Try) and any(map(resumption.has_yield, node.body))
                   and node.handlers or isinstance(node, tree.With) and not _opens(node)
                   and resumption.has_yield(node)
                   for node in tree.walk(self.function._node))  # fmt: skip

    def drive(self, use: Use, holding: Any = None) -> Any:
        """Evaluate the body, and `use` for each item; what the body returns."""
        m = self.m
        self.move(self.state, OVER)
        if holding is not None:
            self.values[".result"] = holding
        driver = Driver(m, use)
        self.scope.driver = driver
        try:
            return self._inside(lambda: run_body(m, self.function._node.body, False))
        except Raised as raised:
            if driver.left is not True or not isinstance(raised.exception, GeneratorExit):
                raise
            return None
        finally:
            self.scope.driver = None
            if driver.left is not False:
                self.move(self.state, LOST)

    def encloses(self) -> bool:
        """Whether a `with` can evaluate the body as its own: it has not begun, and its text says
        that it comes to one `yield` at most, which is a statement of its own."""
        return self.state.content is FRESH and _yields_once(self.function._node.body)

    def enclose(self, use: Callable[[Any], None]) -> None:
        """Evaluate the body, and `use` where it yields, as if that stood there.

        Raises what both raise, as `with` does for a context manager's generator.
        """
        m = self.m
        self.move(self.state, LOST)
        entered = Cell(False)

        def once(item: Any) -> bool:
            m.heap.touch(entered)
            entered.content = True
            use(item)
            return False

        self.scope.driver = Driver(m, once)
        try:
            self._inside(lambda: run_body(m, self.function._node.body, False))
        finally:
            self.scope.driver = None

        def missing() -> None:
            raise m.raised(RuntimeError("generator didn't yield"))

        regions.choose(m, entered.content, lambda: None, missing)

    def _inside(self, action: Callable[[], Any]) -> Any:
        """Evaluate something in the generator's scope."""
        m = self.m
        saved = m.scope, m.frame, m.node, m.outside, m.depth, m.said
        caller = m.scope
        if self.function._prelude:
            m.outside = m.location()
        else:
            m.frame = Frame(self.function.__name__, m.location())
            m.outside = None
        m.scope = self.scope
        m.depth += 1
        m.callers.append(caller)
        driver = self.scope.driver
        try:
            with leaving.inside(m, driver.body if driver else leaving.Generating()):
                return action()
        finally:
            m.callers.pop()
            m.scope, m.frame, m.node, m.outside, m.depth, m.said = saved

    # -- resumed

    def step(self) -> Any:
        return self._resume(None, None)

    def _resume(self, value: Any, exception: Raised | None) -> Any:
        m = self.m
        state = self._where()
        whole = not isinstance(state, tuple) or all(isinstance(one, Entry) for one in state)
        if state is LOST or not whole:
            self.outgrown(
                "a loop may have left this generator at run time, and where it is then cannot be "
                "said",
                "make a list of it first",
            )
        if state is FRESH and value is not None:
            raise m.raised(TypeError("can't send non-None value to a just-started generator"))
        if state is OVER or (state is FRESH and exception is not None):
            self.move(self.state, OVER)
            if exception is not None:
                raise exception
            return END
        self.move(self.state, OVER)  # where an exception leaves it
        stack = resumption.begin(self.function._node.body) if state is FRESH else state
        try:
            stack, item = self._inside(lambda: resumption.resume(m, stack, value, exception))
        except resumption.NotKnown as error:
            self.m.heap.outgrown(self, error)
        if stack:
            self.move(self.state, stack)
            return item
        self.move(self.result, item)
        return END

    def _where(self) -> Any:
        """What the cell holds; LOST as well where paths on which it differs have come together."""
        state = self.read(self.state)
        return LOST if isinstance(state, Then) else state

    def _given(self, found: Any) -> Any:
        """What next(), send() and throw() give for a step."""
        if found is END:
            value = self.read(self.result)
            self.move(self.result, None)
            raise self.m.raised(StopIteration() if value is None else StopIteration(value))
        return found

    def end_of_items(self) -> StopIteration:
        """What next() raises at the end."""
        value = self.read(self.result)
        self.move(self.result, None)
        return StopIteration() if value is None else StopIteration(value)

    def send(self, value: Any, /) -> Any:
        return self._given(self._resume(value, None))

    def throw(self, kind: Any, value: Any = None, traceback: Any = None, /) -> Any:
        exception = to_throw(self.m, kind, value)
        return self._given(self._resume(None, self.m.raised(exception)))

    def close(self) -> None:
        m, state = self.m, self._where()
        if state in (FRESH, OVER, LOST):
            self.move(self.state, LOST if state is LOST else OVER)
            return
        try:
            found = self._resume(None, m.raised(GeneratorExit()))
        except Raised as raised:
            if isinstance(raised.exception, GeneratorExit | StopIteration):
                return
            raise
        if found is not END:
            raise m.raised(RuntimeError("generator ignored GeneratorExit"))

    def __repr__(self) -> str:
        return f"<generator object {self.function.__qualname__} at {id(self):#x}>"


def _yields_once(body: list[tree.AST]) -> bool:
    """Whether statements come to one `yield` at most, through `if`, `try` and `with` only."""
    found = [node for node in body if resumption.has_yield(node)]
    match found:
        case [tree.If(test=test, body=yes, orelse=no), *rest]:
            sides = [side for side in (yes, no, rest) if any(map(resumption.has_yield, side))]
            if resumption.has_yield(test) or rest and (no in sides or not leaves(yes)):
                return False
            return all(map(_yields_once, sides))
        case [tree.Expr(value=tree.Yield() as value) | tree.Assign(value=tree.Yield() as value)]:
            return value.value is None or not resumption.has_yield(value.value)
        case [tree.Try(body=inner) as node]:
            others = *node.handlers, *node.orelse, *node.finalbody
            return not any(map(resumption.has_yield, others)) and _yields_once(inner)
        case [tree.With(items=items, body=inner)]:
            return not any(map(resumption.has_yield, items)) and _yields_once(inner)
    return False


def _opens(node: tree.AST) -> bool:
    """Whether a `with` only opens files, which look at no exceptions."""
    calls = [item.context_expr for item in node.items]
    return all(isinstance(one, tree.Call) and (
        isinstance(one.func, tree.Name) and one.func.id == "open"
        or isinstance(one.func, tree.Attribute) and one.func.attr == "open") for one in calls)


attributes.SPECIAL |= {
    (GeneratorObject, "__name__"): lambda m, value: value.function.__name__,
    (GeneratorObject, "__qualname__"): lambda m, value: value.function.__qualname__,
}
declare(GeneratorObject, GeneratorType, "send throw close __name__ __qualname__ __next__ __iter__")


def begin(m: Machine, function: Function, values: Bindings) -> Iterator:
    """A call of a generator function."""
    node, made = function._node, GeneratorObject(m, function, values)
    if m.backend.e is None or (
            function._prelude and "__name__" not in function._scope.module.values):  # fmt: skip
        return made
    found = coroutines.or_started(
        m, made, node, lambda: coroutines.start(m, function, values))
    if found is not made:
        return found
    if m.regions and recursion.is_deep(m, node, id(node) in m.policy.known_only):
        made.outgrown(
            "how deep this generator calls itself is known at run time only",
            "append to a list in a function that calls itself, or loop over a list of what is "
            "still to be done",
        )
    return made


# -- `yield`, where the body is driven


def _driver(m: Machine) -> Driver:
    scope = m.scope
    while scope.kind == "comprehension":
        scope = scope.parent
    return scope.driver


_RETURN = [tree.Return(None)]


def _after(m: Machine, left: Any) -> Completion:
    """How the statement of a `yield` completes: the generator ends where the consumer has left."""
    if left is False:
        return None
    if left is True:
        if m.regions == _driver(m).regions:
            raise m.raised(GeneratorExit())
        return Return(None)
    return branch(m, left, _RETURN, [])


def yield_(node: tree.AST) -> Evaluation:
    value_of = (lambda m: None) if node.value is None else prepared(node.value)

    def evaluate(m: Machine) -> Any:
        item = value_of(m)
        m.node = node
        _known(m, _driver(m).deliver(item))

    return evaluate


def _known(m: Machine, left: Any) -> None:
    if isinstance(left, Then):
        raise m.error(
            "the loop over this generator may be left here, which only run time knows",
            "write the `yield` as a statement of its own",
        )
    if left and m.regions > _driver(m).regions:
        raise m.error("a loop over this generator is left in a run-time branch of the generator",
                      "write the `yield` as a statement of its own")  # fmt: skip
    if left:
        raise m.raised(GeneratorExit())


def yield_from(node: tree.AST) -> Evaluation:
    value_of = prepared(node.value)

    def evaluate(m: Machine) -> Any:
        items = value_of(m)
        m.node = node
        left, result = _delegate(m, items)
        _known(m, left)
        return result

    return evaluate


def _delegate(m: Machine, items: Any) -> tuple[Any, Any]:
    """Hand on the items of an iterable: whether the consumer has left, what a generator returns."""
    driver = _driver(m)
    loop = Body(True)
    result = None
    source = items if isinstance(items, Iterator) else None

    def one() -> None:
        stepping.leave(m, loop, driver.deliver(m.scope.values[".item"]))

    if source is not None and source.drivable():

        def use(item: Any) -> Any:
            left = driver.deliver(item)
            stepping.leave(m, loop, left)
            return left

        result = source.drive(use)
    else:
        loops.iterate(m, _ITEM, items, one, _ITEM, None, loop)
        if isinstance(source, GeneratorObject):
            result = source.read(source.result)
    return False if loop.untouched else has_left(m, loop), result


_ITEM = tree.Name(".item", tree.Store())


def statement_of_yield(node: tree.AST) -> Evaluation:
    """`yield x` and `yield from xs` as statements: the consumer may leave at run time."""
    return assignment_of_yield(node, lambda m, value: None)


def assignment_of_yield(node: tree.AST, store: Callable[[Machine, Any], None]) -> Evaluation:
    """`x = yield` and `x = yield from xs`."""
    value = node.value
    value_of = (lambda m: None) if value.value is None else prepared(value.value)
    is_from = isinstance(value, tree.YieldFrom)

    def execute(m: Machine) -> Completion:
        item, result = value_of(m), None
        m.node = node
        if is_from:
            left, result = _delegate(m, item)
        else:
            left = _driver(m).deliver(item)
        store(m, result)
        return _after(m, left)

    return execute


TABLE |= {tree.Yield: yield_, tree.YieldFrom: yield_from}
