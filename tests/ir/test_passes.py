"""Passes by name; rewriting, CSE and DCE change the text as they should and the meaning never."""

from __future__ import annotations

from dataclasses import dataclass

import generated_ir
import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError, FleetErrors
from fleet.dialects import arith
from fleet.ir.analysis.analyses import analysis_of
from fleet.ir.attributes import UnitAttr
from fleet.ir.core import Operation
from fleet.ir.definition import DIALECTS
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PASSES, Instrument, PassManager, Run, option, register_pass
from fleet.ir.rewriting.pipeline import parse_pipeline
from fleet.ir.rewriting.rewriter import rewrite

assert fleet.passes  # registers the passes


def run(text: str, pipeline: str) -> str:
    """The text of a module after a pipeline."""
    return print_op(PassManager(pipeline).run(parse_module(text)))


def names(module: Operation) -> list[str]:
    return [operation.name for operation in module.walk()][1:]


# -- the manager


def test_pipelines_are_spelled_as_mlir_opt_spells_them() -> None:
    text = "canonicalize,func.func(cse,a-b{deep=3 x=true}),dce"
    assert ",".join(map(str, parse_pipeline(f"builtin.module({text})"))) == text


@pytest.mark.parametrize("text", ["cse(", "cse,,cse", "cse)", "}{", "cse cse", "no-such-pass"])
def test_malformed_pipelines_are_errors(text: str) -> None:
    with pytest.raises(FleetError):
        PassManager(text)


def test_options_reach_the_pass_and_hooks_hear_of_each(monkeypatch) -> None:
    monkeypatch.setattr("fleet.ir.rewriting.passes.PASSES", dict(PASSES))
    given, heard = [], []

    @dataclass(frozen=True)
    class Options:
        depth: int = option(0, "how deep")
        fast: bool = option(False, "how fast")
        name: str = option("", "of what")

    @register_pass("take-options", "keeps what it is given", Options)
    def take(module: Operation, options: Options) -> None:
        given.append((options.depth, options.fast, options.name))

    class Listener(Instrument):
        def before(self, run: Run) -> None:
            heard.append(f"before {run.entry.title}, {len(run.remaining)} to run")

        def after(self, run: Run) -> None:
            heard.append(f"after {run.entry.name}")

    pipeline = "take-options{depth=3 fast name=x-y},dce"
    PassManager(pipeline, instruments=[Listener()]).run(parse_module("module {}"))
    PassManager([("take-options", {"depth": 4})]).run(parse_module("module {}"))
    assert given == [(3, True, "x-y"), (4, False, "")]
    assert heard == [
        "before TakeOptions, 2 to run", "after take-options", "before DCE, 1 to run", "after dce",
    ]  # fmt: skip


def test_a_pass_that_breaks_the_module_is_named(monkeypatch) -> None:
    monkeypatch.setattr("fleet.ir.rewriting.passes.PASSES", dict(PASSES))

    @register_pass("break", "spoils constants")
    def break_it(module: Operation) -> None:
        for operation in list(module.walk()):
            operation.attributes.pop("value", None)

    module = parse_module("func.func @f() { %0 = arith.constant 1 : i64 return }")
    with pytest.raises(FleetErrors, match="after pass break: 'arith.constant' lacks"):
        PassManager("break").run(module)


# -- meaning


def same(one: object, other: object) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.kind != "f":
        return np.array_equal(one, other)
    both_nan = np.isnan(one) & np.isnan(other)
    equal = (one == other) & (np.signbit(one) == np.signbit(other))
    return bool(np.all(both_nan | equal))


PIPELINES = ["canonicalize", "cse", "dce", "canonicalize,cse,dce,canonicalize"]


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("seed", range(12))
def test_passes_keep_the_meaning_to_the_bit(seed: int, pipeline: str) -> None:
    module = generated_ir.module(seed, 40)
    changed = parse_module(print_op(module))
    PassManager(pipeline).run(changed)
    for number in range(2):
        arguments = generated_ir.arguments(10 * seed + number)
        before = Interpreter(module).run("main", arguments)
        after = Interpreter(changed).run("main", arguments)
        for one, other in zip(before, after, strict=True):
            assert same(one, other)


@pytest.mark.parametrize("seed", range(10))
def test_canonicalising_twice_changes_nothing_more(seed: int) -> None:
    module = generated_ir.module(500 + seed, 40)
    PassManager("canonicalize").run(module)
    once = print_op(module)
    PassManager("canonicalize").run(module)
    assert print_op(module) == once


# -- rewriting


def test_array_arithmetic_of_a_program_is_left_to_the_target() -> None:
    text = """
      func.func @f() -> (tensor<2xf32>, tensor<1xf32>) {
        %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
        %b = arith.constant dense<3.0> : tensor<1xf32>
        %0 = arith.addf %a, %a : tensor<2xf32>
        %1 = arith.addf %b, %b : tensor<1xf32>
        return %0, %1 : tensor<2xf32>, tensor<1xf32>
      }"""
    result = run(text, "canonicalize{fold-arrays=false}")
    assert result.count("arith.addf") == 1
    assert "dense<6.000000e+00> : tensor<1xf32>" in result
    assert "arith.addf" not in run(text, "canonicalize"), "where nobody says whose arrays they are"


def test_rewriting_goes_through_what_patterns_make() -> None:
    """x * 8 to shifts: each step makes an operation for the next."""
    text = """
      func.func @f(%x: i64) -> i64 {
        %c = arith.constant 8 : i64
        %0 = arith.muli %x, %c : i64
        return %0 : i64
      }"""

    def halve(operation: Operation, rewriter) -> bool:
        number = operation.operand(1).operation.get("value")
        if number % 2 or number == 0:
            return False
        half = rewriter.value(
            arith.muli, operation.operand(0), rewriter.constant(number // 2, operation.result.type)
        )
        rewriter.replace_by(operation, arith.addi, half, half)
        return True

    module = parse_module(text)
    assert rewrite(module, {"arith.muli": [halve]})
    assert names(module).count("arith.addi") == 3
    assert names(module).count("arith.muli") == 0, "x * 1 was folded away"
    assert Interpreter(module).run("f", [5]) == [40]


def test_rules_that_undo_each_other_are_found_out() -> None:
    module = parse_module("""
      func.func @f(%x: i64, %y: i64) -> i64 {
        %0 = arith.addi %x, %y : i64
        return %0 : i64
      }""")

    def swap(operation: Operation, rewriter) -> bool:
        operation.operands = operation.operands[::-1]
        return True

    with pytest.raises(RuntimeError, match="does not come to an end, lately at arith.addi"):
        rewrite(module, {"arith.addi": [swap]})


# -- cse


def test_cse_keeps_the_first_that_dominates() -> None:
    text = """
      func.func @f(%x: i64, %c: i1) -> i64 {
        %0 = arith.addi %x, %x : i64
        %1 = scf.if %c -> (i64) {
          %2 = arith.addi %x, %x : i64
          %3 = arith.muli %x, %x : i64
          %4 = arith.addi %2, %3 : i64
          scf.yield %4 : i64
        } else {
          %5 = arith.muli %x, %x : i64
          scf.yield %5 : i64
        }
        %6 = arith.addi %0, %1 : i64
        return %6 : i64
      }"""
    result = run(text, "cse")
    assert result.count("arith.addi %x, %x") == 1
    assert result.count("arith.muli") == 2, "neither branch dominates the other"


def test_cse_merges_operations_with_equal_regions_but_not_effects() -> None:
    text = """
      #map = affine_map<(d0) -> (d0)>
      func.func private @print(f32) attributes {service = "print"}
      func.func @f(%a: tensor<4xf32>, %x: f32) -> (tensor<4xf32>, tensor<4xf32>) {
        %0 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]}
            outs(%a : tensor<4xf32>) {
        ^bb0(%p: f32):
          %n = arith.negf %p : f32
          linalg.yield %n : f32
        } -> tensor<4xf32>
        func.call @print(%x) : (f32) -> ()
        func.call @print(%x) : (f32) -> ()
        %1 = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]}
            outs(%a : tensor<4xf32>) {
        ^bb0(%q: f32):
          %m = arith.negf %q : f32
          linalg.yield %m : f32
        } -> tensor<4xf32>
        return %0, %1 : tensor<4xf32>, tensor<4xf32>
      }"""
    result = run(text, "cse")
    assert result.count("linalg.generic") == 1
    assert result.count("call @print") == 2


def test_calls_of_functions_without_effects_are_merged() -> None:
    text = """
      func.func private @g(%x: i64) -> i64 {
        %0 = arith.muli %x, %x : i64
        return %0 : i64
      }
      func.func @f(%x: i64) -> i64 {
        %0 = call @g(%x) : (i64) -> i64
        %1 = call @g(%x) : (i64) -> i64
        %2 = arith.addi %0, %1 : i64
        return %2 : i64
      }"""
    assert run(text, "cse").count("call @g") == 1


# -- dce


def test_a_variable_that_a_loop_updates_for_itself_disappears() -> None:
    text = """
      func.func @f(%n: index, %x: f32) -> f32 {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %0:3 = scf.for %i = %c0 to %n step %c1
            iter_args(%a = %x, %b = %x, %c = %x) -> (f32, f32, f32) {
          %1 = arith.mulf %a, %x : f32
          %2 = arith.addf %b, %c : f32
          %3 = arith.addf %c, %b : f32
          scf.yield %1, %2, %3 : f32, f32, f32
        }
        return %0#0 : f32
      }"""
    result = run(text, "dce")
    assert "iter_args(%a = %x) -> (f32)" in result
    assert "addf" not in result


def test_positions_of_while_loops_die_one_by_one() -> None:
    text = """
      func.func @f(%n: i64, %x: f32) -> f32 {
        %c1 = arith.constant 1 : i64
        %0:3 = scf.while (%i = %n, %a = %x, %dead = %x) : (i64, f32, f32) -> (i64, f32, f32) {
          %go = arith.cmpi sgt, %i, %c1 : i64
          scf.condition(%go) %i, %a, %dead : i64, f32, f32
        } do {
        ^bb0(%i: i64, %a: f32, %d: f32):
          %1 = arith.subi %i, %c1 : i64
          %2 = arith.addf %a, %a : f32
          %3 = arith.mulf %d, %a : f32
          scf.yield %1, %2, %3 : i64, f32, f32
        }
        return %0#1 : f32
      }"""
    module = parse_module(text)
    before = Interpreter(module).run("f", [5, np.float32(1.5)])
    PassManager("dce").run(module)
    assert "mulf" not in print_op(module)
    assert Interpreter(module).run("f", [5, np.float32(1.5)]) == before


def test_a_while_loop_that_nothing_uses_stays_for_it_may_never_end() -> None:
    text = """
      func.func private @spin(%n: i64) -> i64 {
        %0 = scf.while (%i = %n) : (i64) -> i64 {
          %go = arith.cmpi sgt, %i, %n : i64
          scf.condition(%go) %i : i64
        } do {
        ^bb0(%i: i64):
          scf.yield %i : i64
        }
        return %0 : i64
      }
      func.func @f(%n: i64) {
        %0 = func.call @spin(%n) : (i64) -> i64
        return
      }"""
    result = run(text, "canonicalize,cse,dce,symbol-dce")
    assert "call @spin" in result
    assert "scf.while" in result


def test_a_dead_position_of_a_loop_may_feed_a_dead_position_inside_it() -> None:
    text = """
      func.func @f(%n: index, %x: f32) -> f32 {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %0:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x, %b = %x, %c = %x)
            -> (f32, f32, f32) {
          %1:2 = scf.for %j = %c0 to %i step %c1 iter_args(%d = %a, %e = %b) -> (f32, f32) {
            %2 = arith.addf %d, %d : f32
            %3 = arith.mulf %e, %b : f32
            scf.yield %2, %3 : f32, f32
          }
          scf.yield %1#0, %1#1, %b : f32, f32, f32
        }
        return %0#0 : f32
      }"""
    result = run(text, "dce")
    assert "mulf" not in result and "addf" in result


def test_effects_in_a_loop_keep_it_and_what_they_need() -> None:
    text = """
      func.func private @print(f32)
      func.func @f(%n: index, %x: f32) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %0 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (f32) {
          %1 = arith.mulf %a, %a : f32
          func.call @print(%a) : (f32) -> ()
          scf.yield %1 : f32
        }
        return
      }"""
    assert run(text, "dce") == print_op(parse_module(text))


def test_symbol_dce_follows_references() -> None:
    text = """
      func.func private @a() { call @b() : () -> () return }
      func.func private @b() { call @a() : () -> () return }
      func.func private @used() { return }
      func.func @main() { call @used() : () -> () return }"""
    module = PassManager("symbol-dce").run(parse_module(text))
    assert [operation.get("sym_name") for operation in module] == ["used", "main"]


def test_every_pure_operation_of_the_upstream_dialects_can_be_executed() -> None:
    missing = [
        f"{dialect}.{name}"
        for dialect in ("arith", "math", "scf", "tensor", "tosa", "linalg", "numpy", "func", "cf")
        for name, definition in DIALECTS[dialect].ops.items()
        if definition.execute is None and "Terminator" not in definition.traits
    ]
    # What is written in parallel is the matter of the loop around it.
    assert missing == ["tensor.parallel_insert_slice", "func.func"]


# -- analyses


class Counted:
    """An analysis that says how many operations there are."""

    def __init__(self, operation: Operation) -> None:
        self.number = sum(1 for _ in operation.walk())


@pytest.fixture
def counting(monkeypatch) -> list[int]:
    """Passes that ask for the analysis, change nothing, or change something and say so."""
    monkeypatch.setattr("fleet.ir.rewriting.passes.PASSES", dict(PASSES))
    asked: list[int] = []

    @register_pass("ask", "asks")
    def ask(module: Operation) -> bool:
        asked.append(analysis_of(Counted, module).number)
        return False

    @register_pass("touch", "changes something")
    def touch(module: Operation) -> None:
        module.attributes["touched"] = UnitAttr()

    @register_pass("careful", "changes what the analysis is not about", preserves=[Counted])
    def careful(module: Operation) -> None:
        module.attributes["touched"] = UnitAttr()

    return asked


@pytest.mark.parametrize(
    ("pipeline", "times"),
    [
        ("ask,ask,ask", 1),
        ("ask,touch,ask,ask", 2),
        ("ask,careful,ask", 1),
        ("ask,careful,touch,ask", 2),
        ("ask,canonicalize,cse,dce,symbol-dce,ask", 1),
        ("ask,func.func(touch),ask", 2),
        ("dce,ask,cse,ask", 1),
    ],
)
def test_an_analysis_is_made_once_until_something_changes(
    counting: list[int], pipeline: str, times: int
) -> None:
    manager = PassManager(pipeline)
    manager.run(parse_module("func.func @main(%x: i64) -> i64 { return %x : i64 }"))
    assert manager.analyses.computed[Counted] == times
    assert len(counting) == pipeline.count("ask")


def test_what_a_pass_changes_is_seen_by_the_next(counting: list[int]) -> None:
    text = """
        func.func @main(%x: i64) -> i64 {
          %0 = arith.addi %x, %x : i64
          %1 = arith.addi %x, %x : i64
          %2 = arith.muli %0, %1 : i64
          %3 = arith.muli %0, %x : i64
          return %2 : i64
        }"""
    PassManager("ask,cse,ask,dce,ask,canonicalize,ask").run(parse_module(text))
    assert counting == [7, 6, 5, 5]


# -- effects, through regions and calls

READING = """
    func.func @main(%m: memref<4xf32>, %c: i1, %i: index) -> (f32, f32) {{
      %0 = scf.if %c -> (f32) {{
        %a = loop.load %m[%i] : memref<4xf32> -> f32
        scf.yield %a : f32
      }} else {{
        %b = loop.load %m[%i + 1] : memref<4xf32> -> f32
        scf.yield %b : f32
      }}
      {between}
      %1 = scf.if %c -> (f32) {{
        %a = loop.load %m[%i] : memref<4xf32> -> f32
        scf.yield %a : f32
      }} else {{
        %b = loop.load %m[%i + 1] : memref<4xf32> -> f32
        scf.yield %b : f32
      }}
      return %0, %1 : f32, f32
    }}"""


@pytest.mark.parametrize(
    ("between", "left"),
    [
        ("", 1),
        ("%2 = arith.addf %0, %0 : f32", 1),
        ("loop.store %0, %m[%i] : f32, memref<4xf32>", 2),
        ("scf.if %c { loop.store %0, %m[%i] : f32, memref<4xf32> }", 2),
        ("func.call @unknown() : () -> ()", 2),
        ("func.call @known(%m, %i) : (memref<4xf32>, index) -> ()", 1),
    ],
)
def test_branches_that_read_are_merged_while_nothing_is_written(between: str, left: int) -> None:
    text = READING.format(between=between) + """
        func.func private @unknown()
        func.func private @known(%m: memref<4xf32>, %i: index) {
          %0 = loop.load %m[%i] : memref<4xf32> -> f32
          return
        }"""
    module = PassManager("cse").run(parse_module(text))
    main = module.body.first
    assert sum(bool(op.name == "scf.if" and op.results) for op in main.walk()) == left


def test_what_only_reads_goes_when_nobody_uses_it_and_what_writes_or_raises_stays() -> None:
    text = """
        func.func @main(%m: memref<4xf32>, %c: i1, %i: index, %x: f32, %k: i64) {
          %0 = scf.if %c -> (f32) {
            %a = loop.load %m[%i] : memref<4xf32> -> f32
            scf.yield %a : f32
          } else {
            scf.yield %x : f32
          }
          %1 = func.call @reads(%m, %i) : (memref<4xf32>, index) -> f32
          %2 = func.call @raises(%k) : (i64) -> i64
          %3 = func.call @raises(%k) : (i64) -> i64
          scf.if %c {
            loop.store %x, %m[%i] : f32, memref<4xf32>
          }
          return
        }
        func.func private @reads(%m: memref<4xf32>, %i: index) -> f32 {
          %0 = loop.load %m[%i] : memref<4xf32> -> f32
          return %0 : f32
        }
        func.func private @raises(%k: i64) -> i64 {
          %0 = "numpy.int_mul"(%k, %k) : (i64, i64) -> i64
          return %0 : i64
        }"""
    module = PassManager("cse,dce").run(parse_module(text))
    inside = [op.name for op in module.body.first.walk()][1:]
    assert inside == ["func.call", "scf.if", "loop.store", "scf.yield", "func.return"]


@pytest.mark.parametrize("axis", [-1, 2, 7])
def test_the_size_of_an_axis_that_is_not_there_is_left_alone(axis: int) -> None:
    text = f"""
        func.func @main(%x: tensor<?x4xf32>) -> index {{
          %axis = arith.constant {axis} : index
          %0 = arith.addf %x, %x : tensor<?x4xf32>
          %1 = tensor.dim %0, %axis : tensor<?x4xf32>
          return %1 : index
        }}"""
    module = PassManager("canonicalize").run(parse_module(text))
    assert "tensor.dim" in [op.name for op in module.walk()]
