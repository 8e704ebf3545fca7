"""The basic blocks that the body of a generator function is cut into, and the function of them.

In: statements without a `yield`, and where to go on behind them. Out: the tree of a function that
goes on at the block which the frame names. The one idea: blocks are numbered so that those with the
same handlers lie side by side, and a tree of comparisons finds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fleet.evaluator.iterators.advancing import OVER, PLACE
from fleet.evaluator.language.generators.frames import FRAME, InFrame, ended, put, refused
from fleet.evaluator.language.generators.inner_functions import own_nodes
from fleet.evaluator.language.generators.resumption import has_yield
from fleet.evaluator.objects.functions import signature
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.syntax import tree

SENT, THROWN, THROWING, STATE = ".sent", ".thrown", ".throwing", ".state"
"""Names in the function that resumes."""


@dataclass(eq=False)
class Guard:
    """What looks at the exceptions of the blocks of a `try` or `with`: its handlers."""

    number: int
    handlers: list[tree.AST]


@dataclass(eq=False)
class Final:
    """What has to be done on every way out of a `try` or `with`: statements, around which are these
    guards, and this many loops."""

    body: list[tree.AST]
    guards: tuple[Guard, ...]
    loops: int


class Blocks(InFrame):
    """The blocks of a body while it is cut. Raises FleetError for what cannot be."""

    def __init__(self, node: tree.AST, static: frozenset[str]) -> None:
        own = [item for part in node.body for item in own_nodes(part)]
        handlers = [item for item in own if isinstance(item, tree.ExceptHandler)]
        self.kept = {item.name for item in handlers if has_yield(item)}
        """Names of exceptions that a `yield` may come between."""
        handled = {item.name for item in handlers} - self.kept
        super().__init__(node, signature(node).names.local - static - handled)
        self.outer = [item for item in own if isinstance(item, tree.Global | tree.Nonlocal)]
        self.blocks: list[list[tree.AST]] = [[]]
        self.at = 0
        self.iterators = 0
        self.loops: list[tuple[int, int, int]] = []
        """Where `break` and `continue` go on, and how many finals are around each loop."""
        self.finals: list[Final] = []
        self.ways: dict[tuple, int] = {}
        """Blocks that leave some of the finals for a place."""
        self.targets: list[tuple[tree.AST, int]] = []
        self.numbers: dict[int, int] = {}
        """What the frame calls each block: those with one guard lie side by side."""
        self.guards: tuple[Guard, ...] = ()
        """Those of the `try` statements that we are in the body of, the outermost first."""
        self.guarded: list[tuple[Guard, ...]] = [()]
        """Which look at what each block raises."""
        self.raised: dict[int, str] = {}
        """What the frame calls the exceptions of handlers that are cut, by where these begin."""
        self.made = 0
        for item in own:
            if isinstance(item, tree.ClassDef | tree.Import | tree.ImportFrom) or (
                    isinstance(item, tree.Name) and item.id in ("super", "locals")):  # fmt: skip
                raise refused(item, "this")
            if isinstance(item, tree.Name) and item.id in static and isinstance(
                    item.ctx, tree.Store):  # fmt: skip
                raise refused(item, "assigning to a parameter that is a function")

    def function(self) -> tree.AST:
        """resume(frame, sent, thrown), of the blocks that there are."""
        order = sorted(range(len(self.blocks)), key=lambda at: [
            guard.number for guard in self.guarded[at]])  # fmt: skip
        self.numbers |= {at: number for number, at in enumerate(order)}
        for constant, at in self.targets:
            constant.value = self.numbers[at]
        first = self.do(lambda m: m.scope.values[FRAME])
        begin = tree.Assign([tree.Name(STATE, tree.Store())], self.do(_entered), None)
        state = self.place(tree.Name(STATE, tree.Load()))
        over = tree.Compare(state, [tree.Eq()], [tree.Constant(OVER, None)])
        stop = tree.If(self.place(over), [self.place(tree.Return(self.do(ended)))], [])
        throws = self.set(THROWING, self.do(lambda m: m.scope.values[THROWN] is not None))
        loop = tree.While(tree.Constant(True, None), self.dispatch(order, 0), [])
        given = [tree.arg(name, None, None) for name in (FRAME, SENT, THROWN)]
        arguments = tree.arguments([], given, None, [], [], None, [])
        made = tree.FunctionDef(
            self.node.name, arguments, [*self.outer, *map(self.place, (
                tree.Expr(first), begin, stop, throws, loop))], [], None, None)  # fmt: skip
        return self.place(made)

    def statements(self, body: list[tree.AST]) -> None:
        """Add statements, in new blocks where they have to be cut."""
        raise NotImplementedError

    def add(self, statement: tree.AST) -> None:
        self.blocks[self.at].append(statement)

    def new(self) -> int:
        self.blocks.append([])
        self.guarded.append(self.guards)
        return len(self.blocks) - 1

    def go_on(self, at: int) -> None:
        """What is added from now on belongs to this block."""
        self.at = at

    def jump(self, at: int) -> None:
        self.add(self.goes_to(at))

    def goes_to(self, at: int) -> tree.AST:
        number = tree.Constant(at, None)
        self.targets.append((number, at))
        return self.set(STATE, number)

    def set(self, name: str, value: tree.AST) -> tree.AST:
        return self.place(tree.Assign([tree.Name(name, tree.Store())], value, None))

    def branch(self, test: tree.AST, yes: int, no: int) -> None:
        self.add(self.place(tree.If(test, [self.goes_to(yes)], [self.goes_to(no)])))

    def dispatch(self, blocks: list[int], depth: int) -> list[tree.AST]:
        """Go on with one of these blocks, of which so many guards are around us."""
        first = self.guarded[blocks[0]]
        own = first[depth] if len(first) > depth else None
        same = [at for at in blocks
                if self.guarded[at][depth : depth + 1] == first[depth : depth + 1]]  # fmt: skip
        if own is not None and same == blocks:
            return [self.place(tree.Try(self.dispatch(blocks, depth + 1), own.handlers, [], []))]
        if len(blocks) == 1:
            return self.blocks[blocks[0]] or [self.place(tree.Pass())]
        middle = len(same) if same != blocks else len(blocks) // 2
        state = self.place(tree.Name(STATE, tree.Load()))
        number = tree.Constant(self.numbers[blocks[middle]], None)
        test = tree.Compare(state, [tree.Lt()], [number])
        sides = self.dispatch(blocks[:middle], depth), self.dispatch(blocks[middle:], depth)
        return [self.place(tree.If(self.place(test), *sides))]

    def way_out(self, finals: int, target: int | None) -> int:
        """The block that does all that has to be done but for so many finals, and goes on there.

        target: None for the end of the generator.
        """
        left = tuple(self.finals[finals:])
        key = (*map(id, left), target)
        if key in self.ways:
            return self.ways[key]
        if not left and target is not None:
            return target
        kept = self.at, self.guards, self.finals, self.loops
        for at in reversed(range(finals, len(kept[2]))):
            final = kept[2][at]
            self.guards, self.finals = final.guards, kept[2][:at]
            self.loops = kept[3][: final.loops]
            block = self.new()
            if key in self.ways:
                self.jump(block)
            else:
                self.ways[key] = block
            self.go_on(block)
            self.statements(final.body)
        if not left:
            self.ways[key] = self.new()
            self.go_on(self.ways[key])
        if target is None:
            self.add(self.place(tree.Return(self.do(ended))))
        else:
            self.jump(target)
        self.at, self.guards, self.finals, self.loops = kept
        return self.ways[key]


def _entered(m: Machine) -> Any:
    """Where to go on; until the next `yield`, the generator is over."""
    place = m.native(
        objects.function, m.backend.e, "attribute", [m.scope.values[FRAME], PLACE], "int")
    put(m, PLACE, OVER)
    return place
