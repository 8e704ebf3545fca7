"""From an exported function to what is drawn: items, the scopes that hold them, and wires.

In: a `Graph`. Out: a `Scope`, which holds operations and further scopes: one
for each call of a Python function that the operations' places tell of, one for each loop or
condition. The one idea: a wire never leaves its scope. A value that is used in another scope passes
through ports on the borders between them, so that each scope is laid out alone, and folding one
changes nothing in those around it but its size.

What only finds out sizes (values of type `index`, and the checks) is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fleet.diagnostics import Frame
from fleet.exporting.drawing.words import (
    Node,
    Words,
    is_constant,
    place_of,
    port_node,
    tip_of,
)
from fleet.exporting.graph import Graph
from fleet.ir.core import Block, Operation, OpResult, Value
from fleet.ir.types import IndexType


@dataclass(eq=False)
class Scope:
    """A box that folds: what one call of a function, one loop or one condition holds.

    items:   nodes and scopes, in program order.
    inputs:  the values that come in through ports, with each port's number; outputs: that go out.
    wires:   what runs between items and ports inside.
    """

    kind: str
    name: str
    tip: str
    parent: Scope | None = None
    items: list[Node | Scope] = field(default_factory=list)
    inputs: dict[Value, int] = field(default_factory=dict)
    outputs: dict[Value, int] = field(default_factory=dict)
    wires: dict[Wire, None] = field(default_factory=dict)

    def scopes(self) -> Iterator[Scope]:
        """This scope and all inside it, outer ones first."""
        left = [self]
        while left:
            scope = left.pop()
            yield scope
            left += [item for item in reversed(scope.items) if isinstance(item, Scope)]


@dataclass(frozen=True)
class End:
    """Where a wire ends: at an item, at a scope's port of that number on the side that faces the
    wire, or (item None) at a port of the scope that the wire runs in."""

    item: Node | Scope | None
    port: int = 0


@dataclass(frozen=True)
class Wire:
    """A value's way from one end to another within a scope; tip: its name and type."""

    source: End
    target: End
    tip: str


def boxes_of(graph: Graph) -> Scope:
    """What is drawn of an exported function: the outermost box, which has the function's name."""
    return _Builder(graph).build()


class _Builder:
    """Makes the scopes and nodes first, then the wires between them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.words = Words(graph)
        self.root = Scope("function", graph.name, place_of(graph.function.location))
        self.homes: dict[Value, tuple[Scope, Node | Scope]] = {}
        """Where each drawn value is defined: the scope, and the item in it."""
        self.sources: dict[tuple[Scope, Value], End] = {}
        self.uses: list[tuple[Scope, Node | Scope, Value]] = []
        """What takes which value, and in which scope it stands."""
        self.given: list[tuple[Scope, Value, Value]] = []
        """What a loop or a condition gives, and the value inside that is given."""

    def build(self) -> Scope:
        body = self.graph.function.body
        drawn = _drawn(body)
        for port, argument in zip(self.graph.arguments, body.arguments, strict=True):
            self._define(self.root, port_node(port, "input"), [argument])
        self._block(body, self.root, _common(drawn, body), drawn)
        for port, value in zip(self.graph.results, body.terminator.operands, strict=True):
            node = port_node(port, "output")
            self.root.items.append(node)
            self.uses.append((self.root, node, value))
        for scope, item, value in self.uses:
            port = 0
            if isinstance(item, Scope) and value in self.homes:
                port = item.inputs.setdefault(value, len(item.inputs))
            self._wire(scope, value, End(item, port))
        for scope, result, value in self.given:
            port = scope.outputs.setdefault(result, len(scope.outputs))
            self._wire(scope, value, End(None, port))
        return self.root

    def _define(self, scope: Scope, item: Node | Scope, values: Iterable[Value]) -> None:
        if item not in scope.items[-1:]:
            scope.items.append(item)
        for value in values:
            self.homes[value] = scope, item

    def _block(self, block: Block, scope: Scope, outside: int, drawn: set[Operation]) -> None:
        """Place a block's operations; the first `outside` frames of their places are the scope's
        own. Calls nest, so the scopes that are open are a stack."""
        stack: list[tuple[Frame | None, Scope]] = [(None, scope)]
        for operation in block:
            if operation not in drawn:
                continue
            frames = operation.location.frames()[outside:]
            depth = 1
            while depth < len(stack) and depth <= len(frames):
                if stack[depth][0] is not frames[depth - 1]:
                    break
                depth += 1
            del stack[depth:]
            for frame in frames[depth - 1 :]:
                inner = self._call(frame, stack[-1][1])
                stack.append((frame, inner))
            home = stack[-1][1]
            if operation.regions:
                self._control(operation, home, outside + len(frames), drawn)
            else:
                node = self.words.node(operation)
                self._define(home, node, operation.results)
                for value in dict.fromkeys(operation.operands):
                    self._use(home, node, value)

    def _call(self, frame: Frame, scope: Scope) -> Scope:
        tip = f"called at {place_of(frame.caller)}" if frame.caller is not None else ""
        inner = Scope("function", frame.function, tip, scope)
        scope.items.append(inner)
        return inner

    def _control(
        self, operation: Operation, scope: Scope, frames: int, drawn: set[Operation]
    ) -> None:
        name = operation.name.rpartition(".")[2]
        whole = Scope("control", name, tip_of(operation), scope)
        self._define(scope, whole, operation.results)
        arguments: dict[Value, Node] = {}
        for region, title in zip(operation.regions, _titles(operation), strict=True):
            inner = whole
            if title:
                inner = Scope("control", title, tip_of(operation), whole)
                whole.items.append(inner)
            for block in region.blocks:
                for argument in block.arguments:
                    if any(user in drawn for user in argument.users):
                        arguments[argument] = self.words.argument(argument)
                        self._define(inner, arguments[argument], [argument])
                self._block(block, inner, frames, drawn)
        taken = dict.fromkeys(operation.operands)
        for argument, value in _carried(operation):
            if argument in arguments:
                self.uses.append((self.homes[argument][0], arguments[argument], value))
                taken.pop(value, None)
        for value in taken:
            self._use(scope, whole, value)
        for result, value in _given(operation):
            if result.is_used:
                self.given.append((whole, result, value))

    def _use(self, scope: Scope, item: Node | Scope, value: Value) -> None:
        if not isinstance(value.type, IndexType):
            self.uses.append((scope, item, value))

    def _wire(self, scope: Scope, value: Value, target: End) -> None:
        source = self._source(scope, value)
        if source is not None:
            scope.wires[Wire(source, target, self.words.value(value))] = None

    def _source(self, scope: Scope, value: Value) -> End | None:
        """Where in the scope the value can be had; ports are made on its way there."""
        if (scope, value) in self.sources:
            return self.sources[scope, value]
        if value not in self.homes:
            return None
        home, item = self.homes[value]
        found: End
        inside = _child(scope, home)
        if home is scope:
            port = 0
            if isinstance(item, Scope):
                port = item.outputs.setdefault(value, len(item.outputs))
            found = End(item, port)
        elif inside is not None:
            port = inside.outputs.setdefault(value, len(inside.outputs))
            self._wire(inside, value, End(None, port))
            found = End(inside, port)
        else:
            assert scope.parent is not None
            port = scope.inputs.setdefault(value, len(scope.inputs))
            self._wire(scope.parent, value, End(scope, port))
            found = End(None, port)
        self.sources[scope, value] = found
        return found


def _child(scope: Scope, home: Scope) -> Scope | None:
    """The scope directly inside `scope` that holds `home`; None where it lies elsewhere."""
    inner: Scope | None = home
    while inner is not None and inner.parent is not scope:
        inner = inner.parent
    return inner


def _drawn(body: Block) -> set[Operation]:
    """The operations that a result needs, other than for its size."""
    drawn: set[Operation] = set()
    left: list[Value] = list(body.terminator.operands)
    seen: set[Value] = set()
    while left:
        value = left.pop()
        if value in seen or isinstance(value.type, IndexType):
            continue
        seen.add(value)
        operation = value.owner if isinstance(value, OpResult) else value.owner.parent_op
        if operation is None or isinstance(operation, Block) or operation in drawn:
            continue
        if is_constant(value) or operation.parent is None or operation is body.parent_op:
            continue
        drawn.add(operation)
        left += operation.operands
        for region in operation.regions:
            for block in region.blocks:
                left += block.terminator.operands
    return drawn


def _common(drawn: set[Operation], body: Block) -> int:
    """How many frames all operations of the body share: those around the function, and its own."""
    common: list[Frame] | None = None
    for operation in body:
        if operation in drawn:
            frames = operation.location.frames()
            if common is None:
                common = frames
            same = 0
            for one, other in zip(common, frames, strict=False):
                if one is not other:
                    break
                same += 1
            common = common[:same]
    return len(common or [])


def _titles(operation: Operation) -> list[str]:
    if len(operation.regions) == 1:
        return [""]
    if operation.name == "scf.if":
        return ["then", "else"]
    if operation.name == "scf.while":
        return ["condition", "body"]
    return [f"region {number}" for number in range(len(operation.regions))]


def _carried(operation: Operation) -> Iterator[tuple[Value, Value]]:
    """The arguments of a loop's blocks, each with what it is at first or anew."""
    blocks = [block for region in operation.regions for block in region.blocks]
    match operation.name:
        case "scf.for":
            yield from zip(blocks[0].arguments[1:], operation.operands[3:], strict=True)
        case "scf.while":
            yield from zip(blocks[0].arguments, operation.operands, strict=True)
            yield from zip(blocks[1].arguments, blocks[0].terminator.operands[1:], strict=True)


def _given(operation: Operation) -> Iterator[tuple[Value, Value]]:
    """The results of a loop or a condition, each with the values inside that it may be."""
    blocks = [block for region in operation.regions for block in region.blocks]
    if operation.name == "scf.while":
        yield from zip(operation.results, blocks[0].terminator.operands[1:], strict=True)
        return
    for block in blocks:
        yield from zip(operation.results, block.terminator.operands, strict=False)
