"""Generator functions that run time resumes: their bodies as functions of a frame.

In: the tree of a generator function. Out: the tree of a function `resume(frame, sent)`, which goes
on to the next `yield` and gives its item. The one idea: cut the body at its yields and its loops
around them into basic blocks, let the frame say at which of them to go on, and keep the variables
in the frame, which is one of the run's instances. So the generator is data like any other, and how
many there are, and how deep they call one another, run time decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.advancing import OVER, PLACE, RESULT, Advancing
from fleet.evaluator.language.resumption import has_yield, lowered, mapped, placed
from fleet.evaluator.objects import attributes, instances
from fleet.evaluator.objects.functions import Function, signature
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import prepared
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import classes, fixed, objects
from fleet.evaluator.values.heap import Bindings
from fleet.evaluator.values.then import Object
from fleet.syntax import tree

FRAME, SENT, STATE = ".frame", ".sent", ".state"
"""Names in the function that resumes."""


def start(m: Machine, function: Function, values: Bindings) -> Advancing:
    """A call of a generator function, as one of the run's objects."""
    e = m.backend.e
    kept = {name: value for name, value in values.items() if not _is_static(value)}
    static = {name: value for name, value in values.items() if name not in kept}
    cls = _class_of(m, function, static)
    frame = instances.make(m, cls)
    for name, value in {PLACE: 0, RESULT: None, **{f".{n}": v for n, v in kept.items()}}.items():
        given = [frame, name, objects.box(e, value)]
        m.native(objects.function, e, "set_attribute", given, None, True)
    return Advancing(m, frame)


def _is_static(value: Any) -> bool:
    """Whether it is no data: a function, class or module."""
    data = objects.can_be(value) or classes.is_made(type(value))
    return isinstance(value, Function) or fixed.is_named(value) or not (
        data or isinstance(value, list | dict | set))  # fmt: skip


def _class_of(m: Machine, function: Function, static: dict[str, Any]) -> type:
    """The class of the frames of a generator function."""
    node = function._node
    own = tuple(sorted((name, id(value)) for name, value in static.items()))
    key = id(node), id(_home(function)), own
    found = m.coroutines.get(key)
    if found is not None:
        return found
    resume = _resume_of(node, frozenset(static))
    scope = Scope("function", function._scope, Names(set(static)), function.__qualname__)
    scope.values.update(static)
    scope.called, scope.level, scope.emitted = (function, ()), m.regions, m.backend.e.emitted
    made = Function(
        function.__name__, function.__qualname__, resume, scope, [], {}, function._enter,
        function._prelude, m.heap,
    )  # fmt: skip
    number = sum(1 for other in m.coroutines if other[0] == id(node))
    name = f"{function.__qualname__} at {node.location.line} {number}"
    cls = type("generator", (), {"__module__": "generators", "__next__": made, "__iter__": made})
    cls.__qualname__ = name
    classes.remember(cls)
    m.coroutines[key] = cls
    m.policy.recursive.add(id(resume))
    return cls


def _home(function: Function) -> Scope:
    """The scope whose names it reads: of calls around it that only give it its own name, none."""
    facts, scope = signature(function._node), function._scope
    for one in scope.chain():
        own = one.kind == "module" or all(
            type(one.values[name]) is Function and one.values[name]._node is function._node
            for name in facts.said - facts.names.local if name in one.values
        )
        if not own or one.kind == "module":
            return scope if not own else one
    return scope


def _resume_of(node: tree.AST, static: frozenset[str]) -> tree.AST:
    """The function that resumes, made once."""
    made = signature(node).resumed
    if static not in made:
        made[static] = _Cut(node, static).function()
    return made[static]


class _Cut:
    """A body while it is cut into blocks. Raises FleetError for what cannot be."""

    def __init__(self, node: tree.AST, static: frozenset[str]) -> None:
        facts = signature(node)
        self.node = node
        self.blocks: list[list[tree.AST]] = [[]]
        self.at = 0
        self.iterators = 0
        self.loops: list[tuple[int, int]] = []
        self.handlers: tuple[list[tree.AST], ...] = ()
        """Those of the `try` statements that we are in the body of, the outermost first."""
        self.guarded: list[tuple[list[tree.AST], ...]] = [()]
        """Whose handlers look at what each block raises."""
        self.outer = [item for item in tree.walk(node)
                      if isinstance(item, tree.Global | tree.Nonlocal)]  # fmt: skip
        handled = {item.name for item in tree.walk(node) if isinstance(item, tree.ExceptHandler)}
        self.framed = facts.names.local - static - handled
        for item in tree.walk(node):
            inner = item is not node and isinstance(item, tree.FunctionDef | tree.ClassDef)
            if inner or isinstance(item, tree.Import | tree.ImportFrom) or (
                    isinstance(item, tree.Name) and item.id in ("super", "locals")):  # fmt: skip
                raise _refused(item, "this")
            if isinstance(item, tree.Name) and item.id in static and isinstance(
                    item.ctx, tree.Store):  # fmt: skip
                raise _refused(item, "assigning to a parameter that is a function")

    def function(self) -> tree.AST:
        """resume(frame, sent)."""
        self.statements(self.node.body)
        self.add(self._place(tree.Return(None)))
        first = self.do(lambda m: m.scope.values[FRAME])
        begin = tree.Assign([tree.Name(STATE, tree.Store())], self.do(_entered), None)
        state = self._place(tree.Name(STATE, tree.Load()))
        over = tree.Compare(state, [tree.Eq()], [tree.Constant(OVER, None)])
        stop = tree.If(self._place(over), [self._place(tree.Return(self.do(_ended)))], [])
        loop = tree.While(tree.Constant(True, None), self.dispatch(0, len(self.blocks)), [])
        arguments = tree.arguments(
            [], [tree.arg(FRAME, None, None), tree.arg(SENT, None, None)], None, [], [], None, [])
        made = tree.FunctionDef(
            self.node.name, arguments, [*self.outer, *map(self._place, (
                tree.Expr(first), begin, stop, loop))], [], None, None)  # fmt: skip
        return self._place(made)

    # -- blocks

    def add(self, statement: tree.AST) -> None:
        self.blocks[self.at].append(statement)

    def new(self) -> int:
        self.blocks.append([])
        self.guarded.append(self.handlers)
        return len(self.blocks) - 1

    def go_on(self, at: int) -> None:
        """What is added from now on belongs to this block."""
        self.at = at

    def jump(self, at: int) -> None:
        self.add(self.goes_to(at))

    def goes_to(self, at: int) -> tree.AST:
        target = tree.Name(STATE, tree.Store())
        return self._place(tree.Assign([target], tree.Constant(at, None), None))

    def branch(self, test: tree.AST, yes: int, no: int) -> None:
        self.add(self._place(tree.If(test, [self.goes_to(yes)], [self.goes_to(no)])))

    def dispatch(self, low: int, high: int) -> list[tree.AST]:
        """Go on with one of these blocks."""
        if high - low == 1:
            body = self.blocks[low] or [self._place(tree.Pass())]
            for handlers in reversed(self.guarded[low]):
                body = [self._place(tree.Try(body, handlers, [], []))]
            return body
        middle = (low + high) // 2
        state = self._place(tree.Name(STATE, tree.Load()))
        test = tree.Compare(state, [tree.Lt()], [tree.Constant(middle, None)])
        sides = self.dispatch(low, middle), self.dispatch(middle, high)
        return [self._place(tree.If(self._place(test), *sides))]

    # -- statements

    def statements(self, body: list[tree.AST]) -> None:
        for node in lowered(body):
            self.statement(node)

    def statement(self, node: tree.AST) -> None:
        if isinstance(node, tree.Global | tree.Nonlocal):
            return
        if not has_yield(node) and not self._leaves(node) and not isinstance(node, tree.Match):
            for part in self.inside(node):
                self.add(part)
            return
        match node:
            case tree.Expr() | tree.Assign() | tree.Return():
                self._yield(node)
            case tree.If():
                self._if(node)
            case tree.While():
                self._while(node)
            case tree.For():
                self._for(node)
            case tree.Try() if not node.finalbody:
                self._try(node)
            case tree.Match():
                self._match(node)
            case tree.Break() | tree.Continue():
                self.jump(self.loops[-1][isinstance(node, tree.Continue)])
                self.go_on(self.new())
            case _:
                raise _refused(node, "a `yield` inside of this statement")

    def _leaves(self, node: tree.AST) -> bool:
        """Whether it breaks or continues a loop that is cut."""
        match node:
            case tree.Break() | tree.Continue():
                return bool(self.loops)
            case tree.For() | tree.While():
                return any(map(self._leaves, node.orelse))
            case tree.FunctionDef() | tree.Lambda() | tree.ClassDef():
                return False
        return any(map(self._leaves, tree.iter_child_nodes(node)))

    def _if(self, node: tree.AST) -> None:
        yes, no, after = self.new(), self.new(), self.new()
        self.branch(self.expression(node.test), yes, no)
        for at, body in ((yes, node.body), (no, node.orelse)):
            self.go_on(at)
            self.statements(body)
            self.jump(after)
        self.go_on(after)

    def _loop(self, node: tree.AST, test: tree.AST, first: tree.AST | None) -> None:
        head, body, over, after = self.new(), self.new(), self.new(), self.new()
        self.jump(head)
        self.go_on(head)
        self.branch(test, body, over)
        self.go_on(body)
        if first is not None:
            self.add(first)
        self.loops.append((after, head))
        self.statements(node.body)
        self.loops.pop()
        self.jump(head)
        self.go_on(over)
        self.statements(node.orelse)
        self.jump(after)
        self.go_on(after)

    def _try(self, node: tree.AST) -> None:
        """Each block of the body is a `try` of its own."""
        cut, after = [one for one in node.handlers if has_yield(one)], self.new()
        for handler in node.handlers:
            kinds = [item.id for item in tree.walk(handler.type)
                     if isinstance(item, tree.Name)] if handler.type else ["BaseException"]
            if has_yield(node) and {"BaseException", "GeneratorExit"} & {*kinds}:
                raise _refused(handler, "a handler that sees GeneratorExit")
        for handler in cut:
            if handler.name is not None:
                raise _refused(handler, "a `yield` where an exception has a name")
            if any(isinstance(one, tree.Raise) and one.exc is None for one in tree.walk(handler)):
                raise _refused(handler, "a `yield` in a handler that raises anew")
        begins = {id(handler): self.new() for handler in cut}
        handlers = [self._handler(one, begins.get(id(one)), after) for one in node.handlers]
        around = self.handlers
        otherwise = self.new()
        self.handlers = (*around, handlers)
        body = self.new()
        self.jump(body)
        self.go_on(body)
        self.statements(node.body)
        self.jump(otherwise)
        self.handlers = around
        self.go_on(otherwise)
        self.statements(node.orelse)
        self.jump(after)
        for handler in cut:
            self.go_on(begins[id(handler)])
            self.statements(handler.body)
            self.jump(after)
        self.go_on(after)

    def _handler(self, node: tree.AST, begins: int | None, after: int) -> tree.AST:
        """A handler around a block: it goes on at another, its own where it has a `yield`."""
        kind = None if node.type is None else self.expression(node.type)
        if begins is not None:
            body = [self.goes_to(begins)]
        else:
            body = [self.goes_to(after)]
            for part in node.body:
                for jumping in _parts(self._jumping(part)):
                    body += _parts(self._part(jumping, frozenset()))
        return placed(tree.ExceptHandler(kind, node.name, body), node)

    def _jumping(self, node: tree.AST) -> Any:
        """A statement within a block, where `break` and `continue` are those of a loop cut up."""
        match node:
            case tree.Break() | tree.Continue() if self.loops:
                target = self.loops[-1][isinstance(node, tree.Continue)]
                return [self.goes_to(target), self._place(tree.Continue())]
            case tree.For() | tree.While() if any(map(self._leaves, node.orelse)):
                raise _refused(node, "leaving a loop from the `else` of another")
            case tree.For() | tree.While() | tree.FunctionDef() | tree.Lambda() | tree.ClassDef():
                return node
        return mapped(node, self._jumping) if self._leaves(node) else node

    def _match(self, node: tree.AST) -> None:
        """The names in a pattern are local to its block, and then put into the frame."""
        after, begins, cases = self.new(), [], []
        for case in node.cases:
            names = sorted({getattr(item, field) for item in tree.walk(case.pattern)
                            for field in ("name", "rest") if getattr(item, field, None)})
            hidden = frozenset(names)
            kept = [self._place(tree.Assign(
                [self.expression(self._place(tree.Name(name, tree.Store())))],
                self._place(tree.Name(name, tree.Load())), None)) for name in names]
            begins.append(self.new())
            cases.append(placed(tree.match_case(
                self.expression(case.pattern),
                None if case.guard is None else self.expression(case.guard, hidden),
                [*kept, self.goes_to(begins[-1])]), case))
        self.add(self.goes_to(after))
        self.add(placed(tree.Match(self.expression(node.subject), cases), node))
        for begin, case in zip(begins, node.cases, strict=True):
            self.go_on(begin)
            self.statements(case.body)
            self.jump(after)
        self.go_on(after)

    def _while(self, node: tree.AST) -> None:
        self._loop(node, self.expression(node.test), None)

    def _for(self, node: tree.AST) -> None:
        test, item = self._iterate(node.iter)
        first = self._place(tree.Assign([self.expression(node.target)], item, None))
        self._loop(node, test, first)

    def _iterate(self, items: tree.AST) -> tuple[tree.AST, tree.AST]:
        """Begin to iterate: what says whether there is a next item, and that item."""
        name, held = f".iterator{self.iterators}", f".item{self.iterators}"
        self.iterators += 1
        items_of = prepared(self.expression(items))

        def begin(m: Machine) -> None:
            value = items_of(m)
            m.node = items
            _put(m, name, advancing.begin(m, value, isinstance(items, tree.Call)))

        self.add(self._place(tree.Expr(self.do(begin))))
        return self._more(items, name, held, False), self.do(lambda m: _get(m, held))

    def _more(self, items: tree.AST, name: str, held: str, sends: bool) -> tree.AST:
        """Whether there is a next item, which is then held. sends: what was sent in, too."""

        def more(m: Machine) -> Any:
            m.node = items
            sent = m.scope.values[SENT] if sends else None
            found, item = advancing.advance(m, _get(m, name), sent)
            _put(m, held, item)
            return found

        return self.do(more)

    def _yield(self, node: tree.AST) -> None:
        source = node.value
        if isinstance(source, tree.YieldFrom):
            name, held = f".iterator{self.iterators}", f".item{self.iterators}"
            test, item = self._iterate(source.value)
            again, found, after = self.new(), self.new(), self.new()
            self.branch(test, found, after)
            self.go_on(found)
            self._give(prepared(item), again, node)
            self.go_on(again)
            self.branch(self._more(source.value, name, held, True), found, after)
            self.go_on(after)
            self._store(node, self.do(lambda m: m.native(
                objects.function, m.backend.e, "generator_result", [_get(m, name), RESULT])))
            return
        value = tree.Constant(None, None) if source.value is None else self.expression(source.value)
        after = self.new()
        self._give(prepared(value), after, node)
        self.go_on(after)
        self._store(node, tree.Name(SENT, tree.Load()))

    def _store(self, node: tree.AST, value: tree.AST) -> None:
        """What the `yield` of a statement gives: assigned, if it is an assignment."""
        if isinstance(node, tree.Assign):
            targets = [self.expression(target) for target in node.targets]
            self.add(self._place(tree.Assign(targets, value, None)))
        elif isinstance(node, tree.Return):
            for part in self.inside(self._place(tree.Return(value))):
                self.add(part)
            self.go_on(self.new())

    def _give(self, value_of: Callable[[Machine], Any], after: int, node: tree.AST) -> None:
        """Yield a value, and go on at another block."""

        def give(m: Machine) -> Object:
            value = value_of(m)
            m.node = node
            _put(m, PLACE, after)
            return objects.box(m.backend.e, value)

        self.add(self._place(tree.Return(self.do(give))))

    # -- what is evaluated as anywhere else

    def inside(self, node: tree.AST) -> list[tree.AST]:
        """A statement without a `yield`: its variables are in the frame, a `return` ends."""
        if isinstance(node, tree.Return):
            value = tree.Constant(None, None) if node.value is None else self.expression(node.value)
            result = tree.Attribute(tree.Name(FRAME, tree.Load()), RESULT, tree.Store())
            stored = [] if node.value is None else [
                self._place(tree.Assign([self._place(result)], value, None))]  # fmt: skip
            return [*stored, self._place(tree.Return(self.do(_ended)))]
        if isinstance(node, tree.AnnAssign):
            if node.value is None:
                return []
            node = placed(tree.Assign([node.target], node.value, None), node)
        return [self.expression(node)]

    def expression(self, node: tree.AST, hidden: frozenset[str] = frozenset()) -> tree.AST:
        """The same with variables in the frame, but for these."""
        match node:
            case tree.Name(id=name) if name in self.framed and name not in hidden:
                frame = placed(tree.Name(FRAME, tree.Load()), node)
                return placed(tree.Attribute(frame, f".{name}", node.ctx), node)
            case tree.NamedExpr():
                return self._named(node, hidden)
            case tree.Lambda():
                hidden |= {item.arg for item in tree.walk(node.args) if isinstance(item, tree.arg)}
            case tree.ListComp() | tree.SetComp() | tree.DictComp() | tree.GeneratorExp():
                return self._comprehension(node, hidden)
        return mapped(node, lambda part: self._part(part, hidden))

    def _part(self, part: tree.AST, hidden: frozenset[str]) -> Any:
        if isinstance(part, tree.Return | tree.AnnAssign):
            return self.inside(part)
        return self.expression(part, hidden)

    def _comprehension(self, node: tree.AST, hidden: frozenset[str]) -> tree.AST:
        first = node.generators[0].iter
        own = hidden | {
            item.id for part in node.generators for item in tree.walk(part.target)
            if isinstance(item, tree.Name)
        }  # fmt: skip
        return mapped(node, lambda part: mapped(part, lambda inner: (
            self.expression(inner, hidden if inner is first else own))
        ) if isinstance(part, tree.comprehension) else self.expression(part, own))

    def _named(self, node: tree.AST, hidden: frozenset[str]) -> tree.AST:
        value_of, name = prepared(self.expression(node.value, hidden)), f".{node.target.id}"

        def evaluate(m: Machine) -> Any:
            value = value_of(m)
            m.node = node
            frame = m.scope.lookup(FRAME)
            attributes.set_attribute(m, frame, name, value)
            return value

        return self.do(evaluate)

    def do(self, evaluate: Callable[[Machine], Any]) -> tree.AST:
        """An expression that is evaluated so."""
        made = self._place(tree.Constant(None, None))
        made.prepared = evaluate
        return made

    def _place(self, node: tree.AST) -> tree.AST:
        return placed(node, self.node)


def _parts(made: Any) -> list[tree.AST]:
    return made if isinstance(made, list) else [made]


def _refused(node: tree.AST, what: str) -> FleetError:
    return FleetError(
        f"{what} in a generator that only run time can resume is not supported",
        getattr(node, "location", None), hint="loop over the generator with `for` where it is made",
    )


def _get(m: Machine, name: str) -> Object:
    return m.native(objects.function, m.backend.e, "attribute", [m.scope.values[FRAME], name])


def _put(m: Machine, name: str, value: Any) -> None:
    given = [m.scope.values[FRAME], name, objects.box(m.backend.e, value)]
    m.native(objects.function, m.backend.e, "set_attribute", given, None, True)


def _entered(m: Machine) -> Any:
    """Where to go on; until the next `yield`, the generator is over."""
    place = m.native(
        objects.function, m.backend.e, "attribute", [m.scope.values[FRAME], PLACE], "int")
    _put(m, PLACE, OVER)
    return place


def _ended(m: Machine) -> Object:
    return objects.box(m.backend.e, None)
