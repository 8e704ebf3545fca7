"""Symbols: operations with names, and the tables that references to them are looked up in.

    module {                           @f, @inside and @inside::@g are references; a reference is
      func.func @f() { … }             looked up in the table around the operation that makes it,
      module @inside {                 and from there on down its path.
        func.func @g() { … } } }

In: an operation with the trait `SymbolTable`. Out: its symbols by name, kept in step while they are
inserted, renamed and erased through the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fleet.ir.attributes import ArrayAttr, Attribute, DictAttr, StringAttr, SymbolRefAttr
from fleet.ir.core import Operation
from fleet.ir.definition import SYMBOL, SYMBOL_TABLE


def symbol_name(operation: Operation) -> str | None:
    """The name by which an operation is found; None when it is not."""
    name = operation.get("sym_name") if operation.has_trait(SYMBOL) else None
    return name if isinstance(name, str) else None


class SymbolTable:
    """The symbols that stand directly in an operation's regions.

    duplicates: those whose name another had before.
    """

    def __init__(self, holder: Operation) -> None:
        self.holder = holder
        self.by_name: dict[str, Operation] = {}
        self.duplicates: list[Operation] = []
        for region in holder.regions:
            for block in region.blocks:
                for operation in block:
                    name = symbol_name(operation)
                    if name is not None:
                        if name in self.by_name:
                            self.duplicates.append(operation)
                        else:
                            self.by_name[name] = operation

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.by_name.values())

    def get(self, name: str | None) -> Operation | None:
        """The symbol of this name."""
        return self.by_name.get(name)

    def unique(self, base: str) -> str:
        """A name that is free: the base itself, or with a number."""
        name, number = base, 0
        while name in self.by_name:
            name, number = f"{base}_{number}", number + 1
        return name

    def insert(self, operation: Operation, before: Operation | None = None) -> str:
        """Put a symbol into the table's operation, under its name or a free one like it."""
        name = self.unique(symbol_name(operation) or "symbol")
        operation.attributes["sym_name"] = StringAttr(name)
        block = self.holder.regions[0].blocks[0] if before is None else before.parent
        block.insert_before(before, operation)
        self.by_name[name] = operation
        return name

    def erase(self, operation: Operation) -> None:
        """Erase a symbol, to which nothing must refer."""
        self.by_name.pop(operation.get("sym_name"), None)
        operation.erase()

    def rename(self, operation: Operation, name: str) -> None:
        """Give a symbol another name, in all references made inside the table's operation too."""
        old = operation.get("sym_name")
        del self.by_name[old]
        operation.attributes["sym_name"] = StringAttr(name)
        self.by_name[name] = operation
        for user in _of_this_table(self.holder):
            for key, attr in user.attributes.items():
                user.attributes[key] = _renamed(attr, old, name)


def _of_this_table(holder: Operation) -> Iterator[Operation]:
    """The operations inside whose references are looked up in this table, not in a nearer one."""
    work = [op for region in holder.regions for block in region.blocks for op in block]
    while work:
        operation = work.pop()
        yield operation
        if not operation.has_trait(SYMBOL_TABLE):
            work += [op for region in operation.regions for block in region.blocks for op in block]


def _renamed(attr: Attribute, old: str, new: str) -> Attribute:
    match attr:
        case SymbolRefAttr(name, nested) if name == old:
            return SymbolRefAttr(new, nested)
        case ArrayAttr(items):
            return ArrayAttr(tuple(_renamed(item, old, new) for item in items))
        case DictAttr(items):
            return DictAttr(tuple((key, _renamed(item, old, new)) for key, item in items))
    return attr


def references(
    operation: Operation, names: Iterable[str] | None = None
) -> Iterator[SymbolRefAttr]:
    """The symbols that an operation's own attributes name (all, or these)."""
    attributes = operation.attributes
    work = [attributes[n] for n in (attributes if names is None else names) if n in attributes]
    while work:
        match work.pop():
            case SymbolRefAttr() as reference:
                yield reference
            case ArrayAttr(items):
                work += items
            case DictAttr(items):
                work += [item for _, item in items]


def table_around(operation: Operation) -> Operation | None:
    """The nearest operation around (not itself) that has a table."""
    holder = operation.parent_op
    while holder is not None and not holder.has_trait(SYMBOL_TABLE):
        holder = holder.parent_op
    return holder


class SymbolTables:
    """The tables of many operations, each built when first asked for.

    Valid as long as symbols come and go only through the tables, and nothing moves between them.
    """

    def __init__(self) -> None:
        self._tables: dict[Operation, SymbolTable] = {}
        self._around: dict[Operation, Operation | None] = {}

    def of(self, holder: Operation) -> SymbolTable:
        """The table of an operation that has one."""
        table = self._tables.get(holder)
        if table is None:
            table = self._tables[holder] = SymbolTable(holder)
        return table

    def around(self, operation: Operation) -> Operation | None:
        """The nearest operation around that has a table: known of all on the way, once asked."""
        way: list[Operation] = []
        holder = operation.parent_op
        while holder is not None and not holder.has_trait(SYMBOL_TABLE):
            if holder in self._around:
                holder = self._around[holder]
                break
            way.append(holder)
            holder = holder.parent_op
        self._around.update(dict.fromkeys(way, holder))
        return holder

    def resolve(self, operation: Operation, reference: SymbolRefAttr) -> list[Operation] | None:
        """What an operation's reference means: the path of symbols; None when there is no such."""
        holder = self.around(operation)
        found = None if holder is None else self.of(holder).get(reference.value)
        path = [] if found is None else [found]
        for name in reference.nested:
            if found is None or not found.has_trait(SYMBOL_TABLE):
                return None
            found = self.of(found).get(name)
            path.append(found)
        return None if found is None else path
