"""Inlining: random graphs of functions compute what they did; mlir-opt agrees on what is left."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

import fleet.passes  # noqa: F401 - registers the passes
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

MLIR_OPT = shutil.which("mlir-opt-19")


def program(seed: int, recursive: bool = False) -> str:
    """Functions that call ones further down (or, guarded by a counter, any), at several depths."""
    rng = random.Random(seed)
    count = rng.randint(2, 7)
    names = ["main", *(f"f{n}" for n in range(1, count))]
    functions = []
    for number, name in enumerate(names):
        lines, values = ["%one = arith.constant 1 : i64", "%zero = arith.constant 0 : i64"], ["%x"]
        for step in range(rng.randint(1, 4)):
            callees = names[1:] if recursive else names[number + 1 :]
            made = f"%v{step}"
            if callees and rng.random() < 0.7:
                callee, given = rng.choice(callees), rng.choice(values)
                lines += [
                    f"%less{step} = arith.subi %n, %one : i64",
                    f"%some{step} = arith.cmpi sgt, %less{step}, %zero : i64",
                    f"{made} = scf.if %some{step} -> (i64) {{",
                    f"  %r = func.call @{callee}(%less{step}, {given}) : (i64, i64) -> i64",
                    "  scf.yield %r : i64",
                    f"}} else {{ scf.yield {given} : i64 }}",
                ]
            else:
                operation = rng.choice(["addi", "subi", "muli", "xori"])
                a, b = rng.choice(values), rng.choice([*values, "%n"])
                lines.append(f"{made} = arith.{operation} {a}, {b} : i64")
            values.append(made)
        private = "" if name == "main" else "private "
        functions.append(
            f"func.func {private}@{name}(%n: i64, %x: i64) -> i64 {{\n"
            + "\n".join(lines)
            + f"\nreturn {values[-1]} : i64\n}}"
        )
    rng.shuffle(functions)
    return "\n".join(functions)


def results(module: Operation) -> list[int]:
    verify(module)
    return [Interpreter(module).run("main", [n, x])[0] for n in (1, 3, 4) for x in (0, 7)]


def calls(module: Operation) -> int:
    return sum(op.name == "func.call" for op in module.walk())


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("recursive", [False, True])
def test_functions_compute_what_they_did(seed: int, recursive: bool) -> None:
    text = program(seed, recursive)
    module = PassManager("inline").run(parse_module(text))
    assert results(module) == results(parse_module(text))
    if not recursive:
        assert calls(module) == 0
        cleaned = PassManager("symbol-dce").run(module)
        assert [op.get("sym_name") for op in cleaned.body] == ["main"]


@pytest.mark.skipif(MLIR_OPT is None, reason="mlir-opt-19 is not installed")
@pytest.mark.parametrize("seed", range(10))
def test_mlir_opt_leaves_the_same(seed: int) -> None:
    text = program(seed)
    theirs = subprocess.run(
        [MLIR_OPT, "--inline", "--canonicalize", "--symbol-dce"],
        input=text, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    ours = PassManager("inline,canonicalize,cse,dce,symbol-dce").run(parse_module(text))
    judged = parse_module(theirs)
    assert results(judged) == results(ours)
    assert calls(judged) == calls(ours) == 0
    assert len(list(judged.body)) == len(list(ours.body)) == 1
    assert print_op(parse_module(print_op(ours))) == print_op(ours)


def test_a_chain_of_calls_costs_what_it_makes() -> None:
    """Each body is copied once for each call, with what was inlined into it."""
    functions = [
        f"func.func private @f{n}(%x: i64) -> i64 {{ %0 = arith.addi %x, %x : i64 "
        f"%1 = func.call @f{n + 1}(%0) : (i64) -> i64 return %1 : i64 }}"
        for n in range(40)
    ]
    last = "func.func private @f40(%x: i64) -> i64 { return %x : i64 }"
    main = "func.func @main(%x: i64) -> i64 { %0 = call @f0(%x) : (i64) -> i64 return %0 : i64 }"
    module = PassManager("inline,symbol-dce").run(parse_module("\n".join([*functions, last, main])))
    assert Interpreter(module).run("main", [1]) == [2**40]
    assert sum(1 for _ in module.walk()) == 43
