"""Dialect conversion: what is legal, what rules make, and values that become several.

The types to convert are `!toy.pair`, which a value of becomes two (an i64 and an f64), and
`!toy.unit`, of which nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import fleet.passes  # noqa: F401 - registers the passes
from fleet.diagnostics import FleetError
from fleet.dialects import arith
from fleet.ir.analysis.verifier import verify
from fleet.ir.attributes import UnitAttr
from fleet.ir.core import Operation, Value
from fleet.ir.definition import DIALECTS, PURE, Dialect
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.patterns import NamedPattern
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.conversion import (
    CHANGED,
    Conversion,
    Target,
    TypeConverter,
    convert_types,
)
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.rewriting.rewriter import rewrite
from fleet.ir.types import Type, f64, i64
from fleet.ir.watch import Watcher, watching


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    """The dialect to convert, for the time of a test."""
    dialect = Dialect("toy")
    pair = dialect.op("pair", "first: Any, second: Any -> result: Any", traits={PURE})
    first = dialect.op("first", "pair: Any -> result: Any", traits={PURE})
    second = dialect.op("second", "pair: Any -> result: Any", traits={PURE})
    swap = dialect.op("next", "pair: Any -> result: Any", traits={PURE})
    unit = dialect.op("unit", "-> result: Any", traits={PURE})
    pair.executes(lambda interpreter, op, given: [tuple(given)])
    first.executes(lambda interpreter, op, given: [given[0][0]])
    second.executes(lambda interpreter, op, given: [given[0][1]])
    swap.executes(lambda interpreter, op, given: [(given[0][0] + 1, given[0][1] * 2.0)])
    unit.executes(lambda interpreter, op, given: [None])
    yield
    del DIALECTS["toy"]


PROGRAM = """
    func.func private @step(%u: !toy.unit, %p: !toy.pair, %n: i64) -> (!toy.pair, i64) {
      %0 = "toy.next"(%p) : (!toy.pair) -> !toy.pair
      return %0, %n : !toy.pair, i64
    }
    func.func @main(%n: index, %x: i64, %y: f64, %c: i1) -> (i64, f64, i64) {
      %u = "toy.unit"() : () -> !toy.unit
      %p = "toy.pair"(%x, %y) : (i64, f64) -> !toy.pair
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %0:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %p, %v = %u, %k = %x)
          -> (!toy.pair, !toy.unit, i64) {
        %1:2 = func.call @step(%v, %a, %k) : (!toy.unit, !toy.pair, i64) -> (!toy.pair, i64)
        %2 = scf.if %c -> (!toy.pair) {
          scf.yield %1#0 : !toy.pair
        } else {
          %3 = "toy.next"(%1#0) : (!toy.pair) -> !toy.pair
          scf.yield %3 : !toy.pair
        }
        scf.yield %2, %v, %1#1 : !toy.pair, !toy.unit, i64
      }
      %4:2 = scf.while (%a = %0#0, %v = %u) : (!toy.pair, !toy.unit) -> (!toy.unit, !toy.pair) {
        %f = "toy.first"(%a) : (!toy.pair) -> i64
        %limit = arith.constant 100 : i64
        %less = arith.cmpi slt, %f, %limit : i64
        scf.condition(%less) %v, %a : !toy.unit, !toy.pair
      } do {
      ^bb0(%v: !toy.unit, %a: !toy.pair):
        %5 = "toy.next"(%a) : (!toy.pair) -> !toy.pair
        scf.yield %5, %v : !toy.pair, !toy.unit
      }
      %6 = "toy.first"(%4#1) : (!toy.pair) -> i64
      %7 = "toy.second"(%4#1) : (!toy.pair) -> f64
      return %6, %7, %0#2 : i64, f64, i64
    }"""


def pairs_are_two(type: Type) -> list[Type] | None:
    return {"!toy.pair": [i64, f64], "!toy.unit": []}.get(str(type))


def _parts(conversion: Conversion, op: Operation) -> list[Value]:
    return conversion.values_of(op.operand(0))


def _next(conversion: Conversion, op: Operation) -> list[list[Value]]:
    number, real = _parts(conversion, op)
    one = conversion.builder.constant(1, i64)
    two = conversion.builder.constant(2.0, f64)
    return [[conversion.builder.value(arith.addi, number, one),
             conversion.builder.value(arith.mulf, real, two)]]  # fmt: skip


RULES: dict[str, Any] = {
    "toy.pair": lambda conversion, op: [list(op.operands)],
    "toy.unit": lambda conversion, op: [[]],
    "toy.first": lambda conversion, op: [_parts(conversion, op)[0]],
    "toy.second": lambda conversion, op: [_parts(conversion, op)[1]],
    "toy.next": _next,
    "func": convert_types,
    "scf": convert_types,
}


def converted(names: set[str] | None = None, *, full: bool = False) -> Operation:
    """The program after conversion with some of the rules (or all)."""
    module = parse_module(PROGRAM)
    types = TypeConverter(pairs_are_two)
    target = Target().dynamic(types.is_legal, "func", "scf").legal("arith", "builtin")
    for name in names if names is not None else RULES:
        if name.startswith("toy."):
            target.illegal(name)
    rules = RULES if names is None else {name: RULES[name] for name in names}
    if names is not None and "func" not in names:
        target.legal("func", "scf")
    Conversion(module, target, rules, types).run(full=full)
    return module


def run(module: Operation) -> list[Any]:
    verify(module)
    arguments = [[4, 3, 0.5, True], [4, 3, 0.5, False], [0, 200, 1.5, True]]
    return [Interpreter(module).run("main", each) for each in arguments]


def test_values_become_several_through_loops_branches_and_calls() -> None:
    module = converted(full=True)
    assert run(module) == run(parse_module(PROGRAM))
    text = print_op(module)
    assert "toy." not in text and "unrealized" not in text
    (step,) = [op for op in module.body if op.get("sym_name") == "step"]
    assert str(step.get("function_type")) == "(i64, f64, i64) -> (i64, f64, i64)"


def test_what_stays_of_old_types_is_made_of_the_new_values() -> None:
    module = converted({"toy.pair", "toy.first", "toy.second"})
    text = print_op(module)
    assert "toy.pair\"" not in text and "toy.next" in text
    assert "builtin.unrealized_conversion_cast %arg1, %arg2 : i64, f64 to !toy.pair" in text or (
        "unrealized_conversion_cast %x, %y : i64, f64 to !toy.pair" in text
    )
    verify(module)
    module = PassManager("canonicalize").run(converted())
    assert run(module) == run(parse_module(PROGRAM))


def test_the_first_operation_that_no_rule_takes_away_is_named() -> None:
    types = TypeConverter(pairs_are_two)
    module = parse_module(PROGRAM, "pairs.mlir")
    target = Target().illegal("toy")
    rules = {name: rule for name, rule in RULES.items() if name not in ("toy.next", "toy.first")}
    with pytest.raises(FleetError, match=r"toy\.next") as caught:
        Conversion(module, target, rules, types).run()
    assert caught.value.location.line == 3


def test_a_full_conversion_leaves_nothing_of_which_the_target_says_nothing() -> None:
    text = "func.func @main(%x: f64) -> f64 { %0 = math.exp %x : f64 return %0 : f64 }"
    target = Target().legal("func")
    Conversion(parse_module(text), target, {}).run()
    with pytest.raises(FleetError, match=r"math\.exp"):
        Conversion(parse_module(text), target, {}).run(full=True)


def test_what_rules_make_is_converted_too_in_order_of_benefit() -> None:
    text = """
        func.func @main(%x: i64) -> i64 {
          %0 = arith.muli %x, %x : i64
          return %0 : i64
        }"""
    heard: list[str] = []

    class Hearing(Watcher):
        traces = True

        def rewrote(self, rule: str, place: object, before: object, after: object) -> None:
            heard.append(rule)

    def through_sub(conversion: Conversion, op: Operation) -> list[Value]:
        return [conversion.builder.value(arith.subi, *op.operands)]

    def through_add(conversion: Conversion, op: Operation) -> list[Value]:
        return [conversion.builder.value(arith.addi, *op.operands)]

    def in_place(conversion: Conversion, op: Operation) -> object:
        op.attributes["seen"] = UnitAttr()
        return CHANGED

    rules = {
        "arith.muli": [
            NamedPattern("worse", through_add), NamedPattern("better", through_sub, benefit=2)
        ],
        "arith.subi": NamedPattern("sub to add", through_add),
        "arith.addi": NamedPattern("mark", in_place),
    }  # fmt: skip
    target = Target().illegal("arith").legal("func")
    target.dynamic(lambda op: "seen" in op.attributes, "arith.addi")
    module = parse_module(text)
    with watching(Hearing()):
        Conversion(module, target, rules).run(full=True)
    assert heard == ["better", "sub to add", "mark"]
    assert "arith.addi" in print_op(module)


def test_rules_that_undo_each_other_do_not_run_for_ever() -> None:
    text = "func.func @main(%x: i64) -> i64 { %0 = arith.addi %x, %x : i64 return %0 : i64 }"
    rules = {
        "arith.addi": lambda c, op: [c.builder.value(arith.subi, *op.operands)],
        "arith.subi": lambda c, op: [c.builder.value(arith.addi, *op.operands)],
    }
    with pytest.raises(RuntimeError, match="does not end"):
        Conversion(parse_module(text), Target().illegal("arith"), rules).run()


def test_greater_benefits_go_first_in_rewriting() -> None:
    text = "func.func @main(%x: i64) -> i64 { %0 = arith.addi %x, %x : i64 return %0 : i64 }"
    tried: list[str] = []

    def trying(name: str, benefit: int) -> NamedPattern:
        return NamedPattern(name, lambda op, rewriter: bool(tried.append(name)), benefit)

    rules = [trying("plain", 1), trying("best", 9), trying("also plain", 1), trying("good", 3)]
    rewrite(parse_module(text), {"arith.addi": rules})
    assert tried == ["best", "good", "plain", "also plain"]
