"""`fleet opt` against `mlir-opt`, option by option, and what each option promises."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet.cli import main
from fleet.driver import write_stage
from fleet.ir.core import Operation
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PASSES, register_pass
from fleet.opt import session
from fleet.opt.expected import expectations

SCALARS = """
func.func @f(%a: i64, %n: index) -> i64 {
  %i = arith.constant 1 : index
  %c = arith.constant 1 : i64
  %d = arith.constant 2 : i64
  %0 = arith.addi %c, %d : i64
  %1 = arith.addi %a, %0 : i64
  %2 = arith.addi %a, %0 : i64
  %3 = arith.muli %1, %2 : i64
  %r = scf.for %k = %i to %n step %i iter_args(%x = %3) -> (i64) {
    %4 = arith.addi %x, %a : i64 loc("named")
    %5 = arith.muli %x, %4 : i64 loc("inner"("x.py":3:4))
    %6 = arith.addi %5, %4 : i64 loc(callsite("inner"("x.py":3:4) at "x.py":9:9))
    %8 = arith.ori %6, %x : i64 loc(fused["x.py":3:4, "inner"("y.py":5:6), unknown])
    %9 = arith.xori %8, %x : i64 loc(fused<"why">["x.py":3:4])
    %10 = arith.andi %9, %6 : i64 loc(callsite("x.py":7:7 at callsite("f"("y.py":1:1) at "z":2:2)))
    scf.yield %10 : i64 loc(unknown)
  }
  %7 = arith.subi %r, %a : i64
  return %7 : i64
}
func.func @g(%a: i64) -> i64 {
  return %a : i64
}
"""
TENSORS = """
#map = affine_map<(d0) -> (d0)>
func.func @t(%t: tensor<4xf32>, %n: index, %c: i1) -> (tensor<4xf32>, f32) {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%t : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%p: f32, %q: f32):
    %m = arith.negf %p : f32
    linalg.yield %m : f32
  } -> tensor<4xf32>
  %c0 = arith.constant 0 : index
  %x = tensor.extract %0[%c0] : tensor<4xf32>
  %z = tensor.extract %0[%n] : tensor<4xf32>
  %y:2 = scf.if %c -> (f32, f32) {
    scf.yield %x, %z : f32, f32
  } else {
    %w = arith.addf %x, %z : f32
    scf.yield %z, %w : f32, f32
  }
  %s = arith.addf %y#0, %y#1 : f32
  return %0, %s : tensor<4xf32>, f32
}
"""
BLOCKS = """
func.func @b(%c: i1, %a: i64) -> i64 {
  "cf.cond_br"(%c, %a, %a) [^bb1, ^bb2] {operandSegmentSizes = array<i32: 1, 1, 1>}
      : (i1, i64, i64) -> ()
^bb1(%k: i64):
  "cf.br"(%k) [^bb2] : (i64) -> ()
^bb2(%l: i64):
  return %l : i64
^bb3:
  "cf.br"(%a) [^bb2] : (i64) -> ()
}
"""


class Both:
    """The same options to `fleet opt` and `mlir-opt`."""

    def __init__(self, mlir_opt: str, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._mlir_opt = mlir_opt
        self._folder = folder
        self._capture = capture

    def __call__(self, text: str, *options: str) -> tuple[tuple[int, str, str], ...]:
        """Status, output and error output of each; the blank line at MLIR's end is left out."""
        path = self._folder / "in.mlir"
        path.write_text(text)
        self._capture.readouterr()
        status = main(["opt", str(path), "--no-names", *options])
        out, err = self._capture.readouterr()
        done = subprocess.run(
            [self._mlir_opt, str(path), "--mlir-disable-threading", *options],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        theirs = re.sub(r"\n\n(?=// -----\n|\Z)", "\n", done.stdout)
        return (status, out, err), (done.returncode, theirs, done.stderr)


@pytest.fixture
def both(tool, tmp_path: Path, capsys) -> Both:  # noqa: ANN001
    return Both(tool("mlir-opt-19", "mlir-opt"), tmp_path, capsys)


@pytest.fixture
def opt(tmp_path: Path, capsys) -> Callable[..., tuple[int, str, str]]:  # noqa: ANN001
    """`fleet opt` on a text."""

    def run(text: str, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "in.mlir"
        path.write_text(text)
        capsys.readouterr()
        status = main(["opt", str(path), *options])
        return (status, *capsys.readouterr())

    return run


# -- the same as mlir-opt


PRINTED = [
    [], ["--cse"], ["--canonicalize"], ["--cse", "--canonicalize"], ["-canonicalize", "-cse"],
    ["--pass-pipeline=builtin.module(func.func(cse,canonicalize),cse)"],
    ["--mlir-print-debuginfo"], ["--cse", "--mlir-print-debuginfo"],
    ["--mlir-print-local-scope"], ["--mlir-print-debuginfo", "--mlir-print-local-scope"],
    ["--pass-pipeline=builtin.module(any(cse))"],
]  # fmt: skip


@pytest.mark.parametrize("options", PRINTED, ids=" ".join)
def test_the_output_is_that_of_mlir_opt_to_the_letter(both: Both, options: list[str]) -> None:
    ours, theirs = both(SCALARS, *options)
    assert ours == theirs


@pytest.mark.parametrize("options", [p for p in PRINTED if "canonicalize" not in str(p)], ids=str)
def test_tensors_are_printed_as_mlir_opt_prints_them(both: Both, options: list[str]) -> None:
    """Its canonicalisation, which moves constants to the top, is another."""
    ours, theirs = both(TENSORS, *options)
    assert ours == theirs


@pytest.mark.parametrize("text", [TENSORS, BLOCKS], ids=["tensors", "blocks"])
@pytest.mark.parametrize("more", [[], ["--mlir-print-debuginfo"]], ids=["plain", "debuginfo"])
def test_the_generic_form_is_that_of_mlir_opt_to_the_letter(both: Both, text, more) -> None:
    ours, theirs = both(text, "--mlir-print-op-generic", *more)
    assert ours[:2] == theirs[:2]


WATCHED = [
    ["--mlir-print-ir-after-all"], ["--mlir-print-ir-before-all"],
    ["--mlir-print-ir-before=cse"], ["--mlir-print-ir-after=canonicalize,cse"],
    ["--mlir-print-ir-after-all", "--mlir-print-ir-after-change"],
    ["--mlir-print-ir-after=cse", "--mlir-print-ir-module-scope"],
    ["--mlir-print-ir-before-all", "--mlir-print-debuginfo"], ["--dump-pass-pipeline"],
]  # fmt: skip


@pytest.mark.parametrize("watched", WATCHED, ids=" ".join)
@pytest.mark.parametrize("passes", ["cse,canonicalize", "func.func(cse,canonicalize),cse,cse"])
def test_ir_before_and_after_passes_is_headed_as_mlir_opt_heads_it(both, watched, passes) -> None:
    ours, theirs = both(SCALARS, f"--pass-pipeline=builtin.module({passes})", *watched)
    shown = re.sub(r"Pass Manager with \d+ passes:\n", "", theirs[2])
    options = re.compile(r"canonicalize\{[^}]*\}")
    assert (*ours[:2], ours[2].strip()) == (*theirs[:2], options.sub("canonicalize", shown).strip())


def test_chunks_are_read_and_printed_one_by_one(both: Both) -> None:
    wrong = "func.func @h() -> i64 {\n  return\n}\n"
    text = "// -----\n".join([SCALARS, wrong, TENSORS])
    for options in ([], ["--cse"]):
        ours, theirs = both(text, "--split-input-file", *options)
        assert ours[:2] == theirs[:2] and ours[0] == 1


# -- annotations


def test_expected_diagnostics_pass_and_fail_as_in_mlir_opt(both: Both) -> None:
    good = """
func.func @f(%a: i64) -> i64 {
  // expected-error @+1 {{MESSAGE}}
  %0 = arith.addi %a, %b : i64
  return %0 : i64
}
"""
    for message, status in (("", 0), ("nothing", 1)):
        ours, theirs = both(good.replace("MESSAGE", message), "--verify-diagnostics")
        assert ours[0] == theirs[0] == status
    other = "module {\n  // expected-note-re @below {{x{{[0-9]+}}y}}\n}\n"
    text = good.replace("MESSAGE", "nothing") + "// -----\n" + other
    ours, theirs = both(text, "--verify-diagnostics", "--split-input-file")
    told = re.compile(r"error: (unexpected error|expected .* was not produced)")
    assert ours[:2] == theirs[:2] == (1, "// -----\nmodule {\n}\n")
    assert told.findall(ours[2]) == told.findall(theirs[2]) == [
        "unexpected error", 'expected error "nothing" was not produced',
        'expected note "x{{[0-9]+}}y" was not produced',
    ]  # fmt: skip


ANNOTATED = """\
func.func @f(%a: i64) -> i32 {                                                  // line 1
  // expected-error @+1 {{is not defined}}
  %0 = arith.addi %a, %b : i64
  // expected-error-re @below {{operand {{[0-9]+}} }}
  // expected-error@below {{of the same line}}
  return %a : i64
  // expected-note @above {{and of that}}
  // expected-error@-3 {{counted back}}
  // expected-warning {{here}}
  // expected-error @unknown {{nowhere}}
}
"""


def test_annotations_name_the_lines_that_they_speak_of() -> None:
    found = expectations(ANNOTATED.split("\n"), "in.mlir", 1)
    assert [(e.kind, e.line) for e in found] == [
        ("error", 3), ("error", 6), ("error", 6), ("note", 6), ("error", 5), ("warning", 9),
        ("error", None),
    ]  # fmt: skip
    assert found[1].pattern.search("operand 17 has") and not found[1].pattern.search("operand x ")


def test_what_is_missing_and_what_is_unexpected_is_told_with_its_place(opt) -> None:  # noqa: ANN001
    text = "// -----\n".join([
        "func.func @f(%a: i64) -> i64 {\n  return %b : i64\n}\n",
        "func.func @g() {\n  // expected-error @below {{no such thing}}\n  return\n}\n",
        "func.func @h() {\n  // expected-error @below {{%c is not defined}}\n"
        "  return %c : i64\n}\n",
        'func.func @i() {\n  // expected-error @below {{lacks the attribute}}\n'
        '  // expected-error @below {{lacks the attribute}}\n'
        '  %0 = "arith.constant"() : () -> i64\n  return\n}\n',
    ])  # fmt: skip
    status, out, err = opt(text, "--split-input-file", "--verify-diagnostics")
    assert status == 1
    told = re.findall(r"in\.mlir:(\d+):\d+: error: (.*)", err)
    assert told[:2] == [
        ("2", "unexpected error: %b is not defined"),
        ("6", 'expected error "no such thing" was not produced'),
    ]
    assert len(told) == 3 and told[2][0] == "17", "two are expected and one comes"
    status, out, err = opt(text.split("// -----\n")[2], "--verify-diagnostics")
    assert (status, out, err) == (0, "", ""), "a chunk that is rejected has no output"


# -- passes as flags


def test_flags_run_in_the_order_in_which_they_are_given(opt) -> None:  # noqa: ANN001
    names = random.Random(3).choices(["cse", "canonicalize", "dce", "symbol-dce"], k=9)
    _, _, err = opt(SCALARS, *(f"--{name}" for name in names), "--print-ir-before-all")
    assert re.findall(r"\(([\w-]+)\) //-----", err) == names


def test_options_of_a_pass_are_given_as_to_mlir_opt(both: Both) -> None:
    for options in (["--canonicalize=top-down=false"], ["--canonicalize=max-num-rewrites=0"],
                    ["--canonicalize=top-down=true max-num-rewrites=-1"]):  # fmt: skip
        ours, theirs = both(SCALARS, *options)
        assert ours == theirs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--canonicalize=no=1"], "pass canonicalize has no option 'no'"),
        (["--canonicalize=top-down=3"], "option top-down of pass canonicalize is '3'"),
        (["--cse", "--pass-pipeline=cse"], "one by one and as --pass-pipeline"),
        (["--run-reproducer"], "is no reproducer"),
        (["--pass-pipeline=builtin.module(func.fun(cse))"], "there is no operation 'func.fun'"),
    ],
)
def test_wrong_options_are_rejected(opt, options: list[str], message: str) -> None:  # noqa: ANN001
    status, _, err = opt(SCALARS, *options)
    assert status == 1 and message in err


def test_the_help_names_every_pass_and_every_option_of_one(capsys) -> None:  # noqa: ANN001
    assert main(["opt", "--help"]) == 0
    text = capsys.readouterr().out
    for name, entry in PASSES.items():
        assert f"--{name} " in text and entry.description in text
        assert all(f"{field.name.replace('_', '-')}=" in text for field in entry.fields())
    assert text.count("  fleet opt ") >= 5


# -- failures


@pytest.fixture
def broken() -> Iterator[None]:
    """Passes that fail: `spoil` leaves invalid IR where it finds a multiplication."""

    @register_pass("spoil", "takes the operands' type from multiplications")
    def spoil(module: Operation) -> None:
        for operation in module.walk():
            if operation.name == "arith.muli":
                operation.result.type = parse_module(SCALARS).body.first.body.arguments[1].type

    yield
    del PASSES["spoil"]


def test_a_pass_that_fails_leaves_what_reproduces_it(opt, broken, tmp_path: Path) -> None:  # noqa: ANN001
    where = tmp_path / "again.mlir"
    pipeline = "--pass-pipeline=builtin.module(cse,func.func(canonicalize,spoil),dce)"
    status, out, err = opt(SCALARS, pipeline, f"--mlir-pass-pipeline-crash-reproducer={where}",
                           "--print-ir-after-failure")  # fmt: skip
    assert (status, out) == (1, "") and "after pass spoil" in err
    assert "IR Dump After Spoil Failed (spoil)" in err and str(where) in err
    text = where.read_text()
    assert 'pipeline: "builtin.module(func.func(spoil),dce)"' in text
    assert "arith.constant 3 : i64" in text, "the IR before the pass: canonicalize has run"
    status, _, again = opt(text, "--run-reproducer")
    assert status == 1
    said = re.compile(r"after pass spoil: .*")
    assert said.findall(again) == said.findall(err)
    assert "in.mlir:9:8" in again, "places are those of the first text"


def test_mlir_opt_runs_our_reproducers(opt, broken, tool, tmp_path: Path) -> None:  # noqa: ANN001
    where = tmp_path / "again.mlir"
    opt(SCALARS, "--spoil", "--cse", f"--crash-reproducer={where}")
    text = where.read_text().replace("spoil,", "")
    done = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), "--run-reproducer"],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("arith.addi") == SCALARS.count("arith.addi") - 1


def test_verifying_after_each_pass_can_be_left_out(opt, broken) -> None:  # noqa: ANN001
    assert opt(SCALARS, "--spoil")[0] == 1
    assert opt(SCALARS, "--spoil", "--verify-each=false")[0] == 0
    assert opt(SCALARS, "--spoil", "--verify-each=true")[0] == 1


# -- looking on


def test_statistics_count_what_passes_did(opt) -> None:  # noqa: ANN001
    _, out, err = opt(SCALARS, "--canonicalize", "--cse", "--dce", "--pass-statistics")
    folded = SCALARS.count("arith.constant") + SCALARS.count("arith.addi") - out.count("arith.addi")
    assert "Pass statistics report" in err and folded > 0
    sections = re.split(r"^\w+ \(([\w-]+)\)\n", err, flags=re.MULTILINE)[1:]
    counted = dict(zip(sections[::2], sections[1::2], strict=True))
    assert re.search(r"1 operations folded", counted["canonicalize"])
    assert re.search(r"1 equal operations merged", counted["cse"])
    assert "0 changes" in counted["dce"]


def test_the_timing_report_has_a_row_for_each_pass_and_its_parts(opt) -> None:  # noqa: ANN001
    _, _, err = opt(TENSORS, "--canonicalize", "--cse", "--mlir-timing")
    rows = re.findall(r"^ +(\d+\.\d+) \( *(\d+\.\d)%\)  (.*)$", err, flags=re.MULTILINE)
    assert [name for *_, name in rows if "(A)" not in name] == [
        "Parser", "Canonicalizer", "CSE", "Output", "Rest", "Total",
    ]  # fmt: skip
    assert rows[-1][1] == "100.0"


def test_rewrites_are_traced_with_rule_place_before_and_after(opt) -> None:  # noqa: ANN001
    _, _, err = opt(SCALARS, "--canonicalize", "--trace-rewrites")
    path = re.search(r"canonicalize: fold at .*in\.mlir:6:8\n", err)
    assert path, err
    rest = err[path.end() :].split("canonicalize:")[0]
    assert "  - %0 = arith.addi %c, %d : i64\n" in rest
    made = re.search(r"  \+ (%\w+) = arith.constant 3 : i64\n  \+ %0 is (%\w+)\n", rest)
    assert made and made[1] == made[2]


def test_other_passes_are_traced_too(opt, tmp_path: Path) -> None:  # noqa: ANN001
    _, _, err = opt(SCALARS, "--cse", "--trace-rewrites")
    told = r"^cse: equal at .*in\.mlir:8:8\n  - %0 = arith.addi %a, %\w+ : i64\n  \+ %0 is %\w+$"
    assert re.search(told, err, re.MULTILINE)
    program = tmp_path / "p.py"
    program.write_text("import sys\nimport numpy as np\nx = np.arange(len(sys.argv) + 4.0)\n"
                       "print(np.exp(x * 2) + x)\n")  # fmt: skip
    for stage, flags, rule in (
        ("linalg", ["--fuse"], "fuse: producer into consumer"),
        ("loops", ["--vectorise", "--expand-math"], "expand-math: expansion of math.exp"),
    ):
        path = tmp_path / "p.mlir"
        write_stage(str(program), stage, str(path))
        _, out, err = opt(path.read_text(), *flags, "--trace-rewrites")
        assert re.search(rf"^{rule} at .*p\.py:4:\d+\n(  - .*\n)+  \+ %", err, re.MULTILINE), err


def test_every_conversion_is_traced(opt) -> None:  # noqa: ANN001
    text = """
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "numpy.add"(%a, %b) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "numpy.exp"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}"""
    _, out, err = opt(text, "--numpy-to-tosa", "--trace-rewrites", "--pass-statistics")
    assert len(re.findall(r"^numpy-to-tosa: [\w.]+ at .*in\.mlir:[34]:8$", err, re.M)) == 2
    assert '  - %0 = "numpy.add"' in err and "  + %" in err
    assert "2 operations converted" in err and "numpy." not in out


def test_round_trips_can_be_checked(opt, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    for text in (SCALARS, TENSORS, BLOCKS):
        assert opt(text, "--verify-roundtrip")[0] == 0
    other = SCALARS.replace("addi", "muli")
    monkeypatch.setattr(session, "print_op", lambda module, **options: other)
    status, out, err = opt(SCALARS, "--verify-roundtrip")
    assert (status, out) == (1, "") and "reads back as something else" in err
