"""The statements of a generator function's body, cut at their yields into basic blocks.

In: the tree of a generator function. Out: the tree of a function `resume(frame, sent, thrown)` (see
`coroutines`). The one idea: a statement that a `yield` is in becomes blocks and jumps between them;
one that is left by a `return`, `break` or `continue` does on its way what its `finally` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fleet.evaluator.iterators import advancing
from fleet.evaluator.iterators.advancing import PLACE, RESULT
from fleet.evaluator.language.generators.blocks import SENT, THROWING, THROWN, Blocks, Final, Guard
from fleet.evaluator.language.generators.copies import mapped, placed
from fleet.evaluator.language.generators.frames import get, put, refused
from fleet.evaluator.language.generators.resumption import has_yield, lowered
from fleet.evaluator.objects import attributes, held_classes
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.prepared import prepared
from fleet.evaluator.values import objects
from fleet.evaluator.values.then import Object, Union
from fleet.syntax import tree


def cut(node: tree.AST, static: frozenset[str]) -> tree.AST:
    """The function that resumes. static: parameters that are no data."""
    made = _Cut(node, static)
    made.statements(node.body)
    made.add(made.place(tree.Return(None)))
    return made.function()


class _Cut(Blocks):
    """A body while it is cut into blocks."""

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
            case tree.Expr() | tree.Assign() | tree.Return() if has_yield(node):
                self._yield(node)
            case tree.Return():
                self._return(node.value)
            case tree.If():
                self._if(node)
            case tree.While():
                self._while(node)
            case tree.For():
                self._for(node)
            case tree.Try() if node.finalbody:
                self._finally(node)
            case tree.Try():
                self._try(node)
            case tree.With():
                self._with(node)
            case tree.Match():
                self._match(node)
            case tree.Break() | tree.Continue():
                self.jump(self._jump_of(node))
                self.go_on(self.new())
            case _:
                raise refused(node, "a `yield` inside of this statement")

    def _leaves(self, node: tree.AST) -> bool:
        """Whether it breaks or continues a loop that is cut, or has something to do before it
        returns."""
        match node:
            case tree.Return():
                return bool(self.finals)
            case tree.Break() | tree.Continue():
                return bool(self.loops)
            case tree.For() | tree.While() if not self.finals or not returns(node):
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
        self.loops.append((after, head, len(self.finals)))
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
        begins = {id(handler): self.new() for handler in cut}
        handlers = [self._handler(one, begins.get(id(one)), after) for one in node.handlers]
        otherwise = self.new()
        with self._guarded(handlers):
            self._block(node.body, otherwise)
        self.go_on(otherwise)
        self.statements(node.orelse)
        self.jump(after)
        for handler in cut:
            self._handle(handler, begins[id(handler)])
            self.jump(after)
        self.go_on(after)

    def _handle(self, node: tree.AST, begins: int) -> None:
        """The body of a handler with a `yield`."""
        self.go_on(begins)
        around, self.handling = self.handling, self.raised[begins]
        self.statements(node.body)
        self.handling = around

    def _block(self, body: list[tree.AST], after: int) -> None:
        """A body in blocks of its own, after which we go on there."""
        begin = self.new()
        self.jump(begin)
        self.go_on(begin)
        self.statements(body)
        self.jump(after)

    @contextmanager
    def _guarded(self, handlers: list[tree.AST]) -> Iterator[None]:
        """Blocks made meanwhile are in the body of a `try` with these handlers."""
        around = self.guards
        self.made += 1
        self.guards = (*around, Guard(self.made, handlers))
        yield
        self.guards = around

    def _finally(self, node: tree.AST) -> None:
        """What `finally` has is done where an exception leaves, and on each other way out."""
        inner = tree.Try(node.body, node.handlers, node.orelse, []) if node.handlers else None
        body = node.body if inner is None else [placed(inner, node)]
        again = placed(tree.Raise(None, None), node)
        if not any(map(has_yield, node.finalbody)):
            handler = tree.ExceptHandler(None, None, [*self._plain(node.finalbody), again])
            self._watched(body, placed(handler, node), node.finalbody)
            return
        handler = placed(tree.ExceptHandler(None, None, [*node.finalbody, again]), node)
        begins = self.new()
        self._watched(body, self._handler(handler, begins, begins), node.finalbody)
        after = self.at
        self._handle(handler, begins)
        self.go_on(after)

    def _watched(self, body: list[tree.AST], handler: tree.AST, last: list[tree.AST]) -> None:
        """A body with a handler for all that it raises, and what follows it otherwise."""
        final, after = Final(last, self.guards, len(self.loops)), self.new()
        self.finals.append(final)
        with self._guarded([handler]):
            self._block(body, after)
        self.finals.pop()
        self.go_on(after)
        self.statements(last)

    def _with(self, node: tree.AST) -> None:
        """`with`, as its definition in the language's reference says."""
        item, *others = node.items
        body = [placed(tree.With(others, node.body, None), node)] if others else node.body
        self.made += 1
        manager, raised = f".manager{self.made}", f".raised{self.made}"
        manager_of = prepared(self.expression(item.context_expr))

        def enter(m: Machine) -> Any:
            value = manager_of(m)
            m.node = item.context_expr
            put(m, manager, value)
            begin = attributes.get_attribute(m, get(m, manager), "__enter__")
            return m.language.call_value(m, begin, (), {})

        def leave(m: Machine, exception: Any = None) -> Any:
            kind = None if exception is None else m.language.call_value(m, type, (exception,), {})
            leave = attributes.get_attribute(m, get(m, manager), "__exit__")
            return m.language.call_value(m, leave, (kind, exception, None), {})

        entered = self.do(enter)
        if item.optional_vars is None:
            self.add(self.place(tree.Expr(entered)))
        else:
            self.made += 1
            value = f".entered{self.made}"
            self.add(self.place(tree.Expr(self._keep(value, entered))))
            held = self.do(lambda m: get(m, value))
            body = [placed(tree.Assign([item.optional_vars], held, None), node), *body]
        told = self.do(lambda m: leave(m, m.scope.lookup(raised)))
        again = tree.If(placed(tree.UnaryOp(tree.Not(), told), node),
                        [placed(tree.Raise(None, None), node)], [])  # fmt: skip
        after = self.new()
        handler = tree.ExceptHandler(None, raised, [self.goes_to(after), placed(again, node)])
        self._watched(body, placed(handler, node), [placed(tree.Expr(self.do(leave)), node)])
        self.jump(after)
        self.go_on(after)

    def _return(self, value: tree.AST | None) -> None:
        for part in self.result(value):
            self.add(part)
        self.jump(self.way_out(0, None))
        self.go_on(self.new())

    def _jump_of(self, node: tree.AST) -> int:
        """Where a `break` or `continue` goes on."""
        after, head, finals = self.loops[-1]
        return self.way_out(finals, head if isinstance(node, tree.Continue) else after)

    def _plain(self, body: list[tree.AST]) -> list[tree.AST]:
        """Statements in a handler around blocks."""
        found = []
        for part in body:
            for jumping in _parts(self._jumping(part)):
                found += _parts(self._part(jumping, frozenset()))
        return found

    def _handler(self, node: tree.AST, begins: int | None, after: int) -> tree.AST:
        """A handler around a block: it goes on at another, its own where it has a `yield`."""
        kind = None if node.type is None else self.expression(node.type)
        if begins is None and node.name not in self.kept:
            body = [self.goes_to(after), *self._plain(node.body)]
            return placed(tree.ExceptHandler(kind, node.name, body), node)
        self.made += 1
        name = f".caught{self.made}"
        held = self.place(tree.Name(name, tree.Load()))
        names = [f".{node.name}"] if node.name is not None else []
        if begins is not None:
            self.raised[begins] = name
            names.append(name)
        body = [self.place(tree.Expr(self._keep(one, held))) for one in names]
        if begins is None:
            body += [self.goes_to(after), *self._plain(node.body)]
        else:
            body.append(self.goes_to(begins))
        return placed(tree.ExceptHandler(kind, name, body), node)

    def _keep(self, name: str, value: tree.AST) -> tree.AST:
        value_of = prepared(value)

        def keep(m: Machine) -> None:
            held = value_of(m)
            if type(held) is Union:
                held_classes.register_all(m, [type(one) for one in held.choices.values()
                                           if isinstance(one, BaseException)])  # fmt: skip
            put(m, name, held)

        return self.do(keep)

    def _jumping(self, node: tree.AST) -> Any:
        """A statement within a block, where `break` and `continue` are those of a loop cut up."""
        match node:
            case tree.Break() | tree.Continue() if self.loops:
                return [self.goes_to(self._jump_of(node)), self.place(tree.Continue())]
            case tree.Return() if self.finals:
                return [*self.result(node.value), self.goes_to(self.way_out(0, None)),
                        self.place(tree.Continue())]  # fmt: skip
            case tree.For() | tree.While() if self._leaves(node):
                raise refused(node, "leaving more than this loop")
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
            kept = [self.place(tree.Assign(
                [self.expression(self.place(tree.Name(name, tree.Store())))],
                self.place(tree.Name(name, tree.Load())), None)) for name in names]
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
        first = self.place(tree.Assign([self.expression(node.target)], item, None))
        self._loop(node, test, first)

    def _iterate(self, items: tree.AST) -> tuple[tree.AST, tree.AST]:
        """Begin to iterate: what says whether there is a next item, and that item."""
        name, held = f".iterator{self.iterators}", f".item{self.iterators}"
        self.iterators += 1
        items_of = prepared(self.expression(items))

        def begin(m: Machine) -> None:
            value = items_of(m)
            m.node = items
            put(m, name, advancing.begin(m, value, isinstance(items, tree.Call)))

        self.add(self.place(tree.Expr(self.do(begin))))
        return self._more(items, name, held, False), self.do(lambda m: get(m, held))

    def _more(self, items: tree.AST, name: str, held: str, sends: bool) -> tree.AST:
        """Whether there is a next item, which is then held. sends: what was sent in, too."""

        def more(m: Machine) -> Any:
            m.node = items
            sent = m.scope.values[SENT] if sends else None
            found, item = advancing.advance(m, get(m, name), sent)
            put(m, held, item)
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
            self._throw(lambda m: advancing.close(m, get(m, name)))
            self.branch(self._more(source.value, name, held, True), found, after)
            self.go_on(after)
            self._store(node, self.do(lambda m: m.native(
                objects.function, m.backend.e, "generator_result", [get(m, name), RESULT])))
            return
        value = tree.Constant(None, None) if source.value is None else self.expression(source.value)
        after = self.new()
        self._give(prepared(value), after, node)
        self.go_on(after)
        self._throw(None)
        self._store(node, tree.Name(SENT, tree.Load()))

    def _throw(self, close: Callable[[Machine], None] | None) -> None:
        """What is thrown in where the generator stands is raised there."""
        raised = placed(tree.Raise(tree.Name(THROWN, tree.Load()), None), self.node)
        closed = [] if close is None else [self.place(tree.Expr(self.do(close)))]
        test = self.place(tree.Name(THROWING, tree.Load()))
        no = self.set(THROWING, tree.Constant(False, None))
        self.add(self.place(tree.If(test, [no, *closed, raised], [])))

    def _store(self, node: tree.AST, value: tree.AST) -> None:
        """What the `yield` of a statement gives: assigned, if it is an assignment."""
        if isinstance(node, tree.Assign):
            targets = [self.expression(target) for target in node.targets]
            self.add(self.place(tree.Assign(targets, value, None)))
        elif isinstance(node, tree.Return):
            for part in self.inside(self.place(tree.Return(value))):
                self.add(part)
            self.go_on(self.new())

    def _give(self, value_of: Callable[[Machine], Any], after: int, node: tree.AST) -> None:
        """Yield a value, and go on at another block."""

        def give(m: Machine) -> Object:
            value = value_of(m)
            m.node = node
            put(m, PLACE, self.numbers[after])
            return objects.box(m.backend.e, value)

        self.add(self.place(tree.Return(self.do(give))))


def returns(node: tree.AST, more: bool = False) -> bool:
    """Whether a `return` of the generator is in it. more: one of a value."""
    match node:
        case tree.FunctionDef() | tree.Lambda() | tree.ClassDef():
            return False
        case tree.Return():
            return not more or node.value is not None
    return any(returns(one, more) for one in tree.iter_child_nodes(node))


def _parts(made: Any) -> list[tree.AST]:
    return made if isinstance(made, list) else [made]
