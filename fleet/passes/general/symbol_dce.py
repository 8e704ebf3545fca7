"""`symbol-dce`: drop private symbols that nothing public needs, directly or through others."""

from __future__ import annotations

from fleet.ir.core import Operation
from fleet.ir.definition import SYMBOL, SYMBOL_TABLE
from fleet.ir.rewriting.journal import erasing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.symbols import SymbolTables, references, symbol_name
from fleet.ir.watch import count, may_apply


@register_pass("symbol-dce", "drop private functions that nothing refers to")
def run(module: Operation) -> bool:
    """Symbols with `sym_visibility = "private"` live only by references."""
    tables = SymbolTables()
    live: dict[Operation, None] = {}
    pending = [module]
    while pending:
        operation = pending.pop()
        if operation in live:
            continue
        live[operation] = None
        for reference in references(operation):
            pending += tables.resolve(operation, reference) or ()
        for inner in operation.inside():
            if not (operation.has_trait(SYMBOL_TABLE) and _is_discardable(inner)):
                pending.append(inner)
    erased = False
    for operation in list(live):
        if operation.has_trait(SYMBOL_TABLE):
            for symbol in list(tables.of(operation)):
                if symbol not in live and may_apply():
                    erasing("unused", symbol)
                    tables.of(operation).erase(symbol)
                    erased = True
                    count("functions erased")
    return erased


def _is_discardable(operation: Operation) -> bool:
    """Whether an operation is there only to be referred to."""
    is_symbol = operation.has_trait(SYMBOL) and symbol_name(operation) is not None
    return is_symbol and operation.get("sym_visibility") == "private"
