"""`symbol-dce`: drop private functions that nothing public needs, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator

from fleet.ir.attributes import ArrayAttr, Attribute, DictAttr, SymbolRefAttr
from fleet.ir.core import Operation
from fleet.ir.effects import symbol_table
from fleet.ir.passes import register_pass
from fleet.ir.watch import count


@register_pass("symbol-dce", "drop private functions that nothing refers to")
def run(module: Operation) -> None:
    """Functions with `sym_visibility = "private"` live only by references."""
    table = symbol_table(module)
    live: dict[str, None] = {}
    pending = [name for name, op in table.items() if op.get("sym_visibility") != "private"]
    while pending:
        name = pending.pop()
        if name in table and name not in live:
            live[name] = None
            for operation in table[name].walk():
                for attr in operation.attributes.values():
                    pending += _symbols(attr)
    for name, operation in table.items():
        if name not in live:
            operation.erase()
            count("functions erased")


def _symbols(attr: Attribute) -> Iterator[str]:
    match attr:
        case SymbolRefAttr(name):
            yield name
        case ArrayAttr(items):
            for item in items:
                yield from _symbols(item)
        case DictAttr(items):
            for _, item in items:
                yield from _symbols(item)
