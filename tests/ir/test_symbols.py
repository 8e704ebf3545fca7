"""Symbols: tables inside tables, names that are free, references that follow."""

from __future__ import annotations

import pytest

import fleet.passes  # noqa: F401 - registers the passes
from fleet.diagnostics import FleetErrors
from fleet.dialects import builtin, func
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import SymbolRefAttr
from fleet.ir.core import Block, Operation, Region
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.symbols import SymbolTable, SymbolTables

NESTED = """
    module {
      func.func private @one() -> i64 {
        %0 = arith.constant 1 : i64
        return %0 : i64
      }
      module @inside {
        func.func @one() -> i64 {
          %0 = arith.constant 11 : i64
          return %0 : i64
        }
        func.func private @unused() {
          return
        }
        func.func private @two() -> i64 {
          %0 = call @one() : () -> i64
          %1 = arith.addi %0, %0 : i64
          return %1 : i64
        }
      }
      func.func private @dead() {
        return
      }
      func.func @main() -> (i64, i64) {
        %0 = call @inside::@two() : () -> i64
        %1 = call @one() : () -> i64
        return %0, %1 : i64, i64
      }
    }"""


def test_a_reference_is_looked_up_in_the_nearest_table() -> None:
    module = parse_module(NESTED)
    verify(module)
    assert Interpreter(module).run("main") == [22, 1]
    assert print_op(parse_module(print_op(module))) == print_op(module)


def test_passes_know_which_symbol_is_meant() -> None:
    module = PassManager("symbol-dce").run(parse_module(NESTED))
    names = [op.get("sym_name") for op in module.walk() if op.name == "func.func"]
    assert names == ["one", "one", "two", "main"]
    module = PassManager("inline,symbol-dce").run(parse_module(NESTED))
    names = [op.get("sym_name") for op in module.walk() if op.name == "func.func"]
    assert names == ["one", "main"]
    assert Interpreter(module).run("main") == [22, 1]


@pytest.mark.parametrize("name", ["@inside::@three", "@outside::@one", "@one::@two"])
def test_a_path_that_leads_nowhere_is_named(name: str) -> None:
    with pytest.raises(FleetErrors, match="which does not exist"):
        verify(parse_module(NESTED.replace("@inside::@two", name)))


def _function(name: str) -> Operation:
    body = Block()
    body.append(func.return_([]))
    return func.func(regions=[Region([body])], sym_name=name, function_type="()")


def test_inserted_symbols_get_names_that_are_free() -> None:
    module = builtin.module(regions=[Region([Block()])])
    table = SymbolTable(module)
    assert [table.insert(_function("f")) for _ in range(3)] == ["f", "f_0", "f_1"]
    table.erase(table.get("f_0"))
    assert table.insert(_function("f")) == "f_0"
    assert [op.get("sym_name") for op in SymbolTable(module)] == ["f", "f_1", "f_0"]


def test_renaming_changes_the_references_of_this_table_alone() -> None:
    module = parse_module(NESTED)
    tables = SymbolTables()
    table = tables.of(module)
    table.rename(table.get("one"), "uno")
    table.rename(table.get("inside"), "dentro")
    verify(module)
    assert "call @uno()" in print_op(module) and "call @dentro::@two()" in print_op(module)
    assert "call @one()" in print_op(module), "the one inside keeps its own"
    assert Interpreter(module).run("main") == [22, 1]
    main = table.get("main")
    call = main.body.first
    assert tables.resolve(call, SymbolRefAttr("dentro", ("two",)))[-1].get("sym_name") == "two"
