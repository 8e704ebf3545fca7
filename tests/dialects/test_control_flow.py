"""Programs of branches between blocks, and of structured loops, against the same in Python."""

from __future__ import annotations

import random
import subprocess

import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes

NAMES = ("a", "b", "c")


class Program:
    """A random program over three ints, as Python and as blocks that pass the three on."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.python: list[str] = []
        self.blocks: list[list[str]] = [[]]
        self.values = dict.fromkeys(NAMES, "")
        self.fresh = 0
        self.start(("%x", "%y", "%z"))
        self.body(0, 3)

    def start(self, values: tuple[str, ...]) -> None:
        self.values = dict(zip(NAMES, values, strict=True))

    def emit(self, text: str) -> str:
        self.fresh += 1
        self.blocks[-1].append(f"%v{self.fresh} = {text}")
        return f"%v{self.fresh}"

    def passed(self) -> str:
        return f"({', '.join(self.values.values())} : i64, i64, i64)"

    def block(self, label: str) -> None:
        listed = ", ".join(f"%{label}{name}: i64" for name in NAMES)
        self.blocks.append([f"^{label}({listed}):"])
        self.start(tuple(f"%{label}{name}" for name in NAMES))

    def label(self) -> str:
        self.fresh += 1
        return f"L{self.fresh}_"

    def assign(self, indent: str) -> None:
        target, one, other = (self.rng.choice(NAMES) for _ in range(3))
        number = self.rng.randrange(-5, 6)
        constant = self.emit(f"arith.constant {number} : i64")
        name, sign = self.rng.choice([("addi", "+"), ("subi", "-"), ("muli", "*"), ("xori", "^")])
        made = self.emit(f"arith.{name} {self.values[one]}, {self.values[other]} : i64")
        self.values[target] = self.emit(f"arith.addi {made}, {constant} : i64")
        self.python.append(f"{indent}{target} = wrap(({one} {sign} {other}) + {number})")

    def condition(self) -> tuple[str, str]:
        one, other = (self.rng.choice(NAMES) for _ in range(2))
        name, sign = self.rng.choice([("slt", "<"), ("sge", ">="), ("eq", "=="), ("ne", "!=")])
        value = self.emit(f"arith.cmpi {name}, {self.values[one]}, {self.values[other]} : i64")
        return value, f"{one} {sign} {other}"

    def body(self, depth: int, most: int) -> None:
        indent = "    " * (depth + 1)
        for _ in range(self.rng.randrange(1, most + 1)):
            match self.rng.randrange(4) if depth < 3 else 0:
                case 0 | 1:
                    self.assign(indent)
                case 2:
                    self.branch(indent, depth)
                case 3:
                    self.switch(indent, depth)

    def branch(self, indent: str, depth: int) -> None:
        value, text = self.condition()
        then, otherwise, end = self.label(), self.label(), self.label()
        passed = self.passed()
        self.blocks[-1].append(f"cf.cond_br {value}, ^{then}{passed}, ^{otherwise}{passed}")
        for label, head in ((then, f"if {text}:"), (otherwise, "else:")):
            self.block(label)
            self.python.append(f"{indent}{head}")
            self.assign(indent + "    ")
            self.body(depth + 1, 2)
            self.blocks[-1].append(f"cf.br ^{end}{self.passed()}")
        self.block(end)

    def switch(self, indent: str, depth: int) -> None:
        """A loop of at most three rounds whose counter a switch looks at."""
        head, left, one, end = (self.label() for _ in range(4))
        zero = self.emit("arith.constant 0 : i64")
        names = f"({', '.join(self.values.values())}, {zero} : i64, i64, i64, i64)"
        self.blocks[-1].append(f"cf.br ^{head}{names}")
        listed = ", ".join(f"%{head}{name}: i64" for name in (*NAMES, "n"))
        self.blocks.append([f"^{head}({listed}):"])
        self.start(tuple(f"%{head}{name}" for name in NAMES))
        counter = f"%{head}n"
        rounds = self.rng.randrange(1, 4)
        passed = self.passed()
        self.blocks[-1].append(
            f"cf.switch {counter} : i64, [default: ^{one}{passed}, {rounds}: ^{end}{passed},"
            f" -1: ^{left}{passed}]"
        )
        self.block(left)
        self.blocks[-1].append(f"cf.br ^{end}{self.passed()}")
        self.block(one)
        variable = f"n{self.fresh}"
        self.python.append(f"{indent}for {variable} in range({rounds}):")
        self.assign(indent + "    ")
        self.body(depth + 1, 2)
        step = self.emit("arith.constant 1 : i64")
        following = self.emit(f"arith.addi {counter}, {step} : i64")
        again = f"({', '.join(self.values.values())}, {following} : i64, i64, i64, i64)"
        self.blocks[-1].append(f"cf.br ^{head}{again}")
        self.block(end)

    def text(self) -> str:
        last = f"return {', '.join(self.values.values())} : i64, i64, i64"
        lines = "\n  ".join([*(line for block in self.blocks for line in block), last])
        header = "func.func @f(%x: i64, %y: i64, %z: i64) -> (i64, i64, i64) {"
        return f"{header}\n  {lines}\n}}"

    def run(self, *arguments: int) -> list[int]:
        source = "\n".join(["def f(a, b, c):", *self.python, "    return [a, b, c]"])
        scope = {"wrap": lambda n: (n + 2**63) % 2**64 - 2**63}
        exec(source, scope)
        return scope["f"](*arguments)


@pytest.mark.parametrize("seed", range(40))
def test_blocks_compute_what_python_computes_and_still_do_when_simplified(seed: int) -> None:
    program = Program(seed)
    module = parse_module(program.text())
    assert print_op(parse_module(print_op(module))) == print_op(module)
    rng = random.Random(seed)
    inputs = [[rng.randrange(-4, 5) for _ in NAMES] for _ in range(6)]
    expected = [program.run(*arguments) for arguments in inputs]
    assert [Interpreter(module).run("f", given) for given in inputs] == expected
    PassManager("canonicalize,cse").run(module)
    assert [Interpreter(module).run("f", given) for given in inputs] == expected


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_blocks_simplify_as_far_as_mlir_simplifies_them(tool, seed: int) -> None:
    text = Program(seed).text()
    done = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), "-canonicalize", "-cse"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    ours = PassManager("canonicalize,cse").run(parse_module(text))
    theirs = parse_module(done.stdout)
    assert sum(1 for _ in ours.walk()) <= sum(1 for _ in theirs.walk())


BROKEN = [
    ("func.func @f(%a: i64) {\n  cf.br ^b(%a : i64)\n^b:\n  return\n}", 2, "passes (i64)"),
    ("func.func @f() {\n^b:\n  cf.br ^b\n}", 3, "the first block"),
    ("func.func @f(%c: i1) {\n  cf.cond_br %c, ^a, ^b\n^a:\n  %0 = arith.constant 1 : i64\n"
     "  cf.br ^b\n^b:\n  %1 = arith.addi %0, %0 : i64\n  return\n}", 7, "does not dominate"),
    ("func.func @f(%a: i64) {\n  cf.switch %a : i64, [default: ^b, 1: ^b, 1 ^b]\n^b:\n"
     "  return\n}", 2, "expected ':'"),
    ("func.func @f() {\n  cf.br ^nowhere\n}", 2, "^nowhere is not defined"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), BROKEN)
def test_broken_control_flow_is_pointed_at(text: str, line: int, message: str) -> None:
    with pytest.raises(FleetError) as caught:
        parse_module(text)
    error = getattr(caught.value, "errors", [caught.value])[0]
    assert message in error.message
    assert error.location.line == line


def test_an_assertion_that_fails_ends_the_program_with_its_message() -> None:
    text = 'func.func @f(%c: i1) {\n  cf.assert %c, "three is five"\n  return\n}'
    Interpreter(parse_module(text)).run("f", [True])
    with pytest.raises(FleetError, match="three is five"):
        Interpreter(parse_module(text)).run("f", [False])


# -- structured


def both(text: str, *arguments: object) -> list[object]:
    """The results of `@f`, which are the same when simplified."""
    module = parse_module(text)
    results = Interpreter(module).run("f", arguments)
    PassManager("canonicalize,cse").run(module)
    for before, after in zip(results, Interpreter(module).run("f", arguments), strict=True):
        np.testing.assert_array_equal(before, after)
    return results


def test_a_switch_takes_its_case_or_the_default() -> None:
    text = """
      func.func @f(%n: index, %a: i64, %b: i64) -> i64 {
        %r = scf.index_switch %n -> i64
        case 3 { scf.yield %a : i64 }
        case -2 {
          %s = arith.addi %a, %b : i64
          scf.yield %s : i64
        }
        default { scf.yield %b : i64 }
        return %r : i64
      }"""
    for number, expected in ((3, 10), (-2, 17), (0, 7)):
        assert both(text, number, 10, 7) == [expected]


@pytest.mark.parametrize("bounds", [(0, 7, 2), (3, 3, 1), (5, 6, 9)])
def test_a_parallel_loop_reduces_what_its_iterations_give(bounds: tuple[int, int, int]) -> None:
    text = """
      func.func @f(%l: index, %u: index, %s: index, %x: index, %y: index) -> (index, index) {
        %c1 = arith.constant 1 : index
        %c3 = arith.constant 3 : index
        %r:2 = scf.parallel (%i, %j) = (%l, %c1) to (%u, %c3) step (%s, %c1)
            init (%x, %y) -> (index, index) {
          %p = arith.muli %i, %j : index
          scf.reduce(%p, %i : index, index) {
          ^bb0(%a: index, %b: index):
            %t = arith.addi %a, %b : index
            scf.reduce.return %t : index
          }, {
          ^bb0(%a: index, %b: index):
            %t = arith.maxsi %a, %b : index
            scf.reduce.return %t : index
          }
        }
        return %r#0, %r#1 : index, index
      }"""
    points = [(i, j) for i in range(*bounds) for j in (1, 2)]
    expected = [100 + sum(i * j for i, j in points), max([2, *(i for i, _ in points)])]
    assert both(text, *bounds, 100, 2) == expected


def test_each_iteration_of_forall_writes_its_part() -> None:
    text = """
      func.func @f(%t: tensor<6x4xf64>, %n: index) -> tensor<6x4xf64> {
        %r = scf.forall (%i, %j) = (0, 0) to (%n, 4) step (2, 1)
            shared_outs(%o = %t) -> (tensor<6x4xf64>) {
          %s = tensor.extract_slice %t[%i, %j] [2, 1] [1, 1]
            : tensor<6x4xf64> to tensor<2x1xf64>
          %d = arith.addf %s, %s : tensor<2x1xf64>
          scf.forall.in_parallel {
            tensor.parallel_insert_slice %d into %o[%i, %j] [2, 1] [1, 1]
              : tensor<2x1xf64> into tensor<6x4xf64>
          }
        }
        return %r : tensor<6x4xf64>
      }"""
    array = np.random.default_rng(0).standard_normal((6, 4))
    for rows in (0, 4, 6):
        expected = array.copy()
        expected[:rows] *= 2
        np.testing.assert_array_equal(both(text, array, rows)[0], expected)


def test_a_region_is_executed_once_whatever_its_blocks() -> None:
    text = """
      func.func @f(%c: i1, %a: i64, %b: i64) -> i64 {
        %r = scf.execute_region -> i64 {
          cf.cond_br %c, ^one, ^two(%b : i64)
        ^one:
          %s = arith.muli %a, %b : i64
          cf.br ^two(%s : i64)
        ^two(%v: i64):
          scf.yield %v : i64
        }
        return %r : i64
      }"""
    assert both(text, True, 6, 7) == [42]
    assert both(text, False, 6, 7) == [7]


def test_a_function_is_a_value() -> None:
    text = """
      func.func @twice(%x: i64) -> i64 {
        %0 = arith.addi %x, %x : i64
        return %0 : i64
      }
      func.func @f(%x: i64) -> i64 {
        %g = constant @twice : (i64) -> i64
        %r = call_indirect %g(%x) : (i64) -> i64
        return %r : i64
      }"""
    assert both(text, 21) == [42]
