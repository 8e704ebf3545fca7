"""Operations, values, blocks and regions: the data structure that every level is written in.

An `Operation` has operands, results, attributes, regions, successors and a place in the source; a
`Block` is a doubly linked list of operations, so that inserting and erasing cost O(1) anywhere.
The one idea: every value knows its uses, so rewriting is local and nothing is ever rescanned.
What an operation means is not a subclass's matter but its `OpDef`'s (see `fleet.ir.definition`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from fleet.diagnostics import UNKNOWN, Location
from fleet.ir.attributes import Attribute
from fleet.ir.mapping import IRMapping
from fleet.ir.types import Type


class Declaration(Protocol):
    """What operations, and the formats that they are written in, ask of an `OpDef`."""

    name: str
    traits: frozenset[str]
    operands: Sequence[Any]
    results: Sequence[Any]
    attributes: Mapping[str, Any]
    enums: Mapping[str, Any]
    interfaces: Mapping[type, Any]

    def operand_named(self, operation: Operation, name: str) -> Value | list[Value] | None: ...

    def segments(self, operation: Operation) -> list[list[Value]]: ...


class Value:
    """An SSA value: defined once, by an operation's result or a block's argument.

    uses: (operation, operand number) pairs, in the order in which they came to be.
    hint: the name that the user's program has for it; printing prefers it.
    """

    __slots__ = ("hint", "type", "uses")

    def __init__(self, type: Type, hint: str | None = None) -> None:
        self.type = type
        self.uses: dict[tuple[Operation, int], None] = {}
        self.hint = hint

    @property
    def owner(self) -> Operation | Block:
        raise TypeError("a plain Value has no owner")

    @property
    def users(self) -> Iterator[Operation]:
        """Operations that use the value, each once."""
        return iter(dict.fromkeys(operation for operation, _ in self.uses))

    @property
    def is_used(self) -> bool:
        return bool(self.uses)

    def replace_all_uses_with(self, other: Value) -> None:
        if other is self:
            return
        if other.hint is None:
            other.hint = self.hint
        for operation, number in list(self.uses):
            operation.set_operand(number, other)

    def replace_uses_if(self, other: Value, condition: Callable[[Operation], bool]) -> None:
        """Replace the uses by those operations for which the condition holds."""
        for operation, number in list(self.uses):
            if condition(operation):
                operation.set_operand(number, other)


class OpResult(Value):
    """The `number`-th result of an operation."""

    __slots__ = ("number", "operation")

    def __init__(self, operation: Operation, number: int, type: Type) -> None:
        self.type = type  # as Value does, in one call: there are many
        self.uses = {}
        self.hint = None
        self.operation = operation
        self.number = number

    @property
    def owner(self) -> Operation:
        return self.operation


class BlockArgument(Value):
    """The `number`-th argument of a block."""

    __slots__ = ("block", "location", "number")

    def __init__(
        self, block: Block, number: int, type: Type, hint: str | None = None,
        location: Location = UNKNOWN,
    ) -> None:  # fmt: skip
        super().__init__(type, hint)
        self.block = block
        self.number = number
        self.location = location

    @property
    def owner(self) -> Block:
        return self.block


class Operation:
    """One operation. Create it through its `OpDef` or a `Builder`; it starts outside any block.

    name:       `dialect.mnemonic`.
    definition: the registered OpDef, or None for an operation that no dialect declares.
    """

    __slots__ = (
        "_operands", "attributes", "definition", "location", "name", "next", "parent",
        "previous", "regions", "results", "successors",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        operands: Sequence[Value] = (),
        result_types: Sequence[Type] = (),
        attributes: Mapping[str, Attribute] | None = None,
        regions: Sequence[Region] = (),
        successors: Sequence[Block] = (),
        location: Location = UNKNOWN,
        definition: Declaration | None = None,
    ) -> None:
        self.name = name
        self.definition = definition
        self.attributes: dict[str, Attribute] = dict(attributes) if attributes else {}
        self.location = location
        self.successors = list(successors) if successors else []
        self.parent: Block | None = None
        self.previous: Operation | None = None
        self.next: Operation | None = None
        self.results = [OpResult(self, number, type) for number, type in enumerate(result_types)]
        self.regions: list[Region] = []
        for region in regions:
            self.add_region(region)
        self._operands: list[Value] = list(operands)
        for number, value in enumerate(self._operands):
            value.uses[self, number] = None

    # -- operands and results

    @property
    def operands(self) -> tuple[Value, ...]:
        return tuple(self._operands)

    @operands.setter
    def operands(self, values: Sequence[Value]) -> None:
        for number, value in enumerate(self._operands):
            value.uses.pop((self, number), None)
        self._operands = list(values)
        for number, value in enumerate(self._operands):
            value.uses[(self, number)] = None

    def operand(self, number: int) -> Value:
        return self._operands[number]

    def set_operand(self, number: int, value: Value) -> None:
        self._operands[number].uses.pop((self, number), None)
        self._operands[number] = value
        value.uses[(self, number)] = None

    @property
    def result(self) -> OpResult:
        """The only result. Raises ValueError when there is not exactly one."""
        (result,) = self.results
        return result

    def named(self, name: str) -> Value | list[Value] | None:
        """An operand by its declared name: a list for `*`, a value or None for `?`."""
        if self.definition is None:
            raise KeyError(f"{self.name} has no declared operands")
        return self.definition.operand_named(self, name)

    # -- attributes

    def get(self, name: str, default: object = None) -> object:
        """An attribute's Python value (`.value`), or the default; a unit attribute gives True."""
        found = self.attributes.get(name)
        if found is None:
            return default
        return getattr(found, "value", True)

    def has_trait(self, trait: str) -> bool:
        return self.definition is not None and trait in self.definition.traits

    # -- regions and position

    @property
    def body(self) -> Block:
        """The first block of the first region."""
        return self.regions[0].blocks[0]

    def add_region(self, region: Region) -> Region:
        region.parent = self
        self.regions.append(region)
        return region

    @property
    def parent_op(self) -> Operation | None:
        """The operation whose region holds this one."""
        return self.parent.parent_op if self.parent is not None else None

    def around(self) -> Iterator[Operation]:
        """The operations that hold this one, the innermost first."""
        holder = self.parent_op
        while holder is not None:
            yield holder
            holder = holder.parent_op

    def is_ancestor_of(self, other: Operation | None) -> bool:
        """Whether other is this operation or lies inside one of its regions."""
        while other is not None:
            if other is self:
                return True
            other = other.parent_op
        return False

    def walk(self) -> Iterator[Operation]:
        """This operation and all inside it, in program order; the one just given may be erased."""
        yield self
        # No recursion: each step would go through every level. Blocks, and where to go on in them.
        left: list[Block | Operation | None] = _blocks(self)
        while left:
            found = left.pop()
            operation = found.first if isinstance(found, Block) else found
            while operation is not None:
                following = operation.next
                yield operation
                if operation.regions:
                    left.append(following)
                    left += _blocks(operation)
                    break
                operation = following

    def inside(self) -> Iterator[Operation]:
        """The operations directly inside its regions, in program order."""
        if len(self.regions) == 1 and len(self.regions[0].blocks) == 1:
            return iter(self.regions[0].blocks[0])
        return self._inside()

    def _inside(self) -> Iterator[Operation]:
        for region in self.regions:
            for block in list(region.blocks):
                yield from block

    def detach(self) -> Operation:
        """Take the operation out of its block; it keeps operands and results."""
        if self.parent is not None:
            self.parent.remove(self)
        return self

    def erase(self) -> None:
        """Remove the operation for good. Its results must be unused."""
        for result in self.results:
            if result.uses:
                raise ValueError(f"erasing {self.name} while its result is used")
        self.drop_references()
        self.detach()

    def drop_references(self) -> None:
        """Give up all operands, here and in nested operations."""
        self.operands = ()
        for region in self.regions:
            for block in region.blocks:
                for operation in block:
                    operation.drop_references()

    def drop_uses_outside(self) -> None:
        """Have operations that are not in here give up all operands if one of them is defined in
        here. They are of blocks that nobody holds any more."""
        inside = set(self.walk())
        for operation in inside:
            arguments = [argument for block in _blocks(operation) for argument in block.arguments]
            for value in (*operation.results, *arguments):
                for user in list(value.users):
                    if user not in inside:
                        user.drop_references()

    def replace_with(self, values: Sequence[Value]) -> None:
        """Replace the results by these values and erase the operation."""
        for result, value in zip(self.results, values, strict=True):
            result.replace_all_uses_with(value)
        self.erase()

    def clone(self, mapping: IRMapping | None = None) -> Operation:
        """A deep copy outside any block; operands and successors that `mapping` has are replaced,
        and it is told what the copy defines."""
        mapping = IRMapping() if mapping is None else mapping
        copy = Operation(
            self.name,
            mapping.all_of(self._operands),
            [result.type for result in self.results],
            self.attributes,
            successors=[mapping.blocks.get(block, block) for block in self.successors],
            location=self.location,
            definition=self.definition,
        )
        mapping.map_results(self, copy)
        for old, new in zip(self.results, copy.results, strict=True):
            new.hint = old.hint
        for region in self.regions:
            copy.add_region(region.clone(mapping))
        return copy

    def like(
        self,
        operands: Sequence[Value],
        types: Sequence[Type] | None = None,
        attributes: Mapping[str, Attribute] | None = None,
    ) -> Operation:
        """The same operation, without its regions, on other operands; with other result types or
        attributes, where given."""
        return Operation(
            self.name,
            operands,
            [result.type for result in self.results] if types is None else types,
            self.attributes if attributes is None else attributes,
            location=self.location,
            definition=self.definition,
        )

    def __iter__(self) -> Iterator[Operation]:
        """The operations of the first block of the first region."""
        return iter(self.body)

    def __repr__(self) -> str:
        types = ", ".join(str(result.type) for result in self.results)
        return f"<{self.name} -> ({types}) at {self.location}>"


def _blocks(operation: Operation) -> list[Block | Operation | None]:
    """The blocks of an operation's regions, the last one first."""
    return [block for region in reversed(operation.regions) for block in reversed(region.blocks)]


class Block:
    """A basic block: arguments and a linked list of operations, the last a terminator."""

    __slots__ = ("arguments", "first", "last", "parent")

    def __init__(self, argument_types: Iterable[Type] = ()) -> None:
        self.arguments: list[BlockArgument] = []
        self.first: Operation | None = None
        self.last: Operation | None = None
        self.parent: Region | None = None
        for type in argument_types:
            self.add_argument(type)

    def add_argument(
        self, type: Type, hint: str | None = None, location: Location = UNKNOWN
    ) -> BlockArgument:
        argument = BlockArgument(self, len(self.arguments), type, hint, location)
        self.arguments.append(argument)
        return argument

    def erase_argument(self, number: int) -> None:
        """Remove an argument. It must be unused."""
        if self.arguments[number].uses:
            raise ValueError("erasing a block argument while it is used")
        del self.arguments[number]
        for later in self.arguments[number:]:
            later.number -= 1

    @property
    def parent_op(self) -> Operation | None:
        return self.parent.parent if self.parent is not None else None

    @property
    def terminator(self) -> Operation:
        """The last operation. Raises ValueError in an empty block."""
        if self.last is None:
            raise ValueError("the block is empty")
        return self.last

    def __iter__(self) -> Iterator[Operation]:
        """Operations in order; the one just given may be erased or moved."""
        operation = self.first
        while operation is not None:
            following = operation.next
            yield operation
            operation = following

    def __reversed__(self) -> Iterator[Operation]:
        operation = self.last
        while operation is not None:
            before = operation.previous
            yield operation
            operation = before

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def append(self, operation: Operation) -> Operation:
        return self.insert_before(None, operation)

    def insert_before(self, anchor: Operation | None, operation: Operation) -> Operation:
        """Put a detached operation before the anchor, or at the end when the anchor is None."""
        if operation.parent is not None:
            raise ValueError(f"{operation.name} is already in a block")
        before = self.last if anchor is None else anchor.previous
        operation.parent, operation.previous, operation.next = self, before, anchor
        if before is None:
            self.first = operation
        else:
            before.next = operation
        if anchor is None:
            self.last = operation
        else:
            anchor.previous = operation
        return operation

    def insert_after(self, anchor: Operation, operation: Operation) -> Operation:
        return self.insert_before(anchor.next, operation)

    def remove(self, operation: Operation) -> None:
        """Take an operation out of the list."""
        if operation.previous is None:
            self.first = operation.next
        else:
            operation.previous.next = operation.next
        if operation.next is None:
            self.last = operation.previous
        else:
            operation.next.previous = operation.previous
        operation.parent = operation.previous = operation.next = None


class Region:
    """A list of blocks owned by an operation; the first is the entry."""

    __slots__ = ("blocks", "parent")

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self.blocks: list[Block] = []
        self.parent: Operation | None = None
        for block in blocks:
            self.add_block(block)

    def add_block(self, block: Block | None = None) -> Block:
        block = Block() if block is None else block
        block.parent = self
        self.blocks.append(block)
        return block

    @property
    def block(self) -> Block:
        """The only block. Raises ValueError when there is not exactly one."""
        (block,) = self.blocks
        return block

    def clone(self, mapping: IRMapping | None = None) -> Region:
        """A deep copy; values and successors inside are remapped."""
        mapping = IRMapping() if mapping is None else mapping
        copy = Region()
        for block in self.blocks:
            twin = mapping.blocks[block] = copy.add_block()
            for argument in block.arguments:
                mapping[argument] = twin.add_argument(
                    argument.type, argument.hint, argument.location
                )
        for block in self.blocks:
            for operation in block:
                mapping.blocks[block].append(operation.clone(mapping))
        return copy
