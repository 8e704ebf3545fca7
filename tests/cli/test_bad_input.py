"""What is written in the files, and on the command line, is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine, assert_one_message

PROGRAM_COMMANDS = [
    ["build", "FILE", "-o", "out.elf"],
    *(["run", "--on", executor, "FILE", "3"] for executor in ("ast", "ir", "vm", "emu", "all")),
]
on_every_program_command = pytest.mark.parametrize(
    "command", PROGRAM_COMMANDS, ids=lambda command: " ".join(command[:3])
)


def on(command: list[str], file: str) -> list[str]:
    return [file if word == "FILE" else word for word in command]


@on_every_program_command
@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = (1 +\n", 1, 5),
        ("def f(:\n    pass\n", 1, 7),
        ("if True:\nprint(1)\n", 2, 1),
        ("x = 'no end\n", 1, 5),
        ("x = 1 $ 2\n", 1, 7),
        ("return 3\n", 1, 1),
        ("  x = 1\n", 1, 1),
        ("x = " + "(" * 300 + "1" + ")" * 300, 1, None),
        ("x = " + "-" * 100_000 + "1\n", 1, None),
        ("\0", 1, None),
    ],
)
def test_a_syntax_error_is_shown_in_its_place(
    run: CommandLine, place: Path, command: list[str], source: str, line: int, column: int | None
) -> None:
    Path("wrong.py").write_text(source)
    message = run.rejects(*on(command, "wrong.py"))
    if column is not None:
        assert message.startswith(f"wrong.py:{line}:")
        assert "^" in message
    assert not Path("out.elf").exists()


@on_every_program_command
@pytest.mark.parametrize(
    "source",
    [
        "import socket\nsocket.socket()\n",
        "async def f():\n    await f()\n",
        "import numpy as np\nprint(np.fft.fft(np.ones(3)))\n",
        "import numpy as np\nprint(np.no_such_function(3))\n",
        "class A(metaclass=type):\n    pass\n",
    ],
)
def test_what_is_not_supported_ends_with_a_message_and_no_traceback_of_ours(
    run: CommandLine, place: Path, command: list[str], source: str
) -> None:
    Path("new.py").write_text(source)
    result = run(*on(command, "new.py"))
    assert result.status in (0, 1), result  # what is supported one day is no mistake
    assert "internal error" not in result.stderr
    assert "/fleet/" not in result.stderr


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nx = [1, 2]\nprint(x[5])\n",
        "print(undefined)\n",
        "1 / 0\n",
        "import numpy as np\nnp.ones(3) + np.ones(4)\n",
        "raise SystemExit(3)\n",
        "import sys\nsys.exit('message')\n",
        "assert 1 == 2, 'why'\n",
        "def f():\n    return f()\nf()\n",
        "raise KeyError('k')\n",
        "int('x')\n",
        "import no_such_module\n",
        "{}['k']\n",
        "open('no such file')\n",
    ],
)
def test_exceptions_known_while_building_are_the_programs_own(
    run: CommandLine, place: Path, source: str
) -> None:
    Path("raises.py").write_text(source)
    expected = subprocess.run([sys.executable, "raises.py"], capture_output=True, text=True)
    result = run("build", "raises.py", "-o", "out.elf")
    if result.status == 0:
        result = run("emu", "--root", ".", "out.elf")
        assert result.status == expected.returncode, result
        assert result.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]
    else:  # not supported: that is a rejection with a place
        assert_one_message(result.stderr)
        assert result.stderr.startswith("raises.py:")


@pytest.mark.parametrize(
    "text",
    [
        "func.func @main() {",
        "module { func.func @f(%a: i32) -> i32 { return %b : i32 } }",
        "func.func @f() { %0 = arith.addi %0, %0 : i32\n return }",
        "module { %0 = arith.constant 1 : i32\n %1 = arith.addf %0, %0 : i32 }",
        "module { func.func @f() { return } func.func @f() { return } }",
        "module { func.func @f() -> i32 { return } }",
        "module { %0 = arith.constant dense<[1, 2]> : tensor<3xi32> }",
        "module { %0 = arith.constant 1 : nonsense }",
        "module {} }",
        "}",
        "%",
        "module { " + "(" * 5000,
        "module { " + "scf.execute_region { " * 3000,
        "module { %0 = arith.constant 99999999999999999999999999 : i8 }",
        "module { \"unterminated }",
        "module { %0 = arith.constant dense_resource<nowhere> : tensor<3xf32> }",
        "module attributes {a = } {}",
        "#map = affine_map<(d0) -> (d1)>\nmodule {}",
        "\u00e9\u4e2d",
    ],
)
def test_malformed_ir_is_rejected_in_its_place(
    run: CommandLine, place: Path, text: str
) -> None:
    Path("wrong.mlir").write_text(text, encoding="utf-8")
    result = run("opt", "wrong.mlir", "--pass-pipeline", "canonicalize")
    assert result.status == 1, result
    assert "wrong.mlir:" in result.stderr or "nested too deeply" in result.stderr
    assert "internal error" not in result.stderr


@pytest.mark.parametrize("stage", ["02-numpy", "05-tosa", "08-kernels"])
def test_ir_cut_off_anywhere_is_rejected(run: CommandLine, place: Path, stage: str) -> None:
    text = Path(f"stages/{stage}.mlir").read_text()
    first = text.index("\n") + 2  # behind the line that says which stage it is
    for end in range(first, len(text) - 2, max(1, len(text) // 40)):
        Path("cut.mlir").write_text(text[:end])
        result = run("opt", "cut.mlir")
        assert result.status == 1, (end, result)
        assert "internal error" not in result.stderr, (end, result)


@pytest.mark.parametrize(
    ("pipeline", "message"),
    [
        ("no-such-pass", "no pass named 'no-such-pass'"),
        ("builtin.module(cse", "missing )"),
        ("builtin.module(cse))", "unexpected"),
        ("cse,,dce", "unexpected"),
        ("cse{", "cannot read"),
        ("cse{no-such-option=3}", "no-such-option"),
        ("outline{minimum=many}", "minimum"),
        ("outline{minimum}", "minimum"),
        ("(", "unexpected"),
        ("func.func(no-such-pass)", "no-such-pass"),
    ],
)
def test_a_wrong_pipeline_is_rejected(
    run: CommandLine, place: Path, pipeline: str, message: str
) -> None:
    result = run.rejects("opt", "stages/02-numpy.mlir", "--pass-pipeline", pipeline)
    assert message in result


@pytest.mark.parametrize("stage", ["02-numpy", "05-tosa", "07-fused", "08-kernels", "10-vector"])
@pytest.mark.parametrize(
    "name", ["outline", "infer-shapes", "numpy-to-tosa", "tosa-to-linalg", "fuse", "form-kernels",
             "carry-scalars",
             "linalg-to-loop", "fuse-loops", "vectorise", "unroll-and-jam", "expand-math",
             "schedule-to-vm", "select-instructions", "allocate-registers"],
)  # fmt: skip
def test_a_pass_out_of_turn_works_or_says_why_not(
    run: CommandLine, place: Path, stage: str, name: str
) -> None:
    result = run("opt", f"stages/{stage}.mlir", "--pass-pipeline", name)
    assert result.status in (0, 1), result
    assert "internal error" not in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "addi x1, x2, 5000\n",
        "add a0, a1\n",
        "no_such_instruction a0\n",
        "beq a0, a1, nowhere_that_is\n .globl _start\n",
        ".section\n",
        ".word 1 +\n",
        "1:\n j 2b\n",
        ".incbin 'no such file'\n",
        "vadd.vv v1, v2, v99\n",
        "label:\nlabel:\n",
        ".ascii \"no end\n",
        ".align 99\n",
        ".fill 1000000000000\n",
        ".rept 3\n",
        ".if 1\n",
        ".macro m\n",
        ".macro m\nm\n.endm\nm\n",
        "(" * 3000,
    ],
)
def test_malformed_assembly_is_rejected_in_its_place(
    run: CommandLine, place: Path, text: str
) -> None:
    Path("wrong.s").write_text(text)
    result = run("asm", "wrong.s", "-o", "wrong.o")
    if result.status == 0:  # an undefined symbol is the linker's to reject
        result = run("link", "wrong.o", "-o", "wrong.elf")
    assert result.status == 1, result
    assert "wrong." in result.stderr or "nested too deeply" in result.stderr
    assert "internal error" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["--no-such-option"],
        ["build"],
        ["build", "small.py", "--no-such-option"],
        ["build", "small.py", "another.py"],
        ["build", "small.py", "-o"],
        ["emu"],
        ["emu", "--vlen", "100", "small.elf"],
        ["emu", "--vlen", "131072", "small.elf"],
        ["emu", "--vlen", "-256", "small.elf"],
        ["emu", "--vlen", "many", "small.elf"],
        ["emu", "--vlen", "\u0662\u0665\u0666", "small.elf"],
        ["emu", "--memory", "0", "small.elf"],
        ["emu", "--memory", "lots", "small.elf"],
        ["emu", "--memory", "-4G", "small.elf"],
        ["run", "--on", "paper", "small.py"],
        ["run", "--on", "ir", "--stage", "nowhere", "small.py"],
        ["link", "seven.o"],
        ["dis"],
        ["dis", "small.elf", "more"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_end_with_status_2_and_one_line_of_reason(
    run: CommandLine, place: Path, arguments: list[str]
) -> None:
    result = run(*arguments)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: fleet")
    assert result.stderr.count("error: ") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["asm", "seven.s", "--march", "x86"], "x86"),
        (["asm", "seven.s", "--march", "rv64iq"], "rv64iq"),
        (["link", "seven.o", "-o", "out.elf", "--entry", "nowhere"], "nowhere"),
        (["link", "seven.o", "seven.o", "-o", "out.elf"], "_start"),
        (["dis", "small.elf", "--symbol", "nowhere"], "nowhere"),
        (["dis", "seven.elf", "--bytecode"], "no bytecode"),
        (["emu", "seven.o"], "no executable"),
        (["emu", "--memory", "4096T", "small.elf", "3"], "does not fit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_that_do_not_fit_the_file_are_rejected(
    run: CommandLine, place: Path, arguments: list[str], message: str
) -> None:
    assert message in run.rejects(*arguments)


def test_too_little_memory_is_pythons_memory_error(run: CommandLine, place: Path) -> None:
    result = run("emu", "--memory", "4K", "small.elf", "10000")
    assert result.status == 1
    assert result.stderr.splitlines()[-1].startswith("MemoryError")


def test_a_fault_of_the_guest_ends_with_139_and_its_registers(
    run: CommandLine, place: Path
) -> None:
    Path("fault.s").write_text(".globl _start\n_start: li a0, 16\n ld a1, 0(a0)\n")
    assert run("asm", "fault.s").status == 0
    assert run("link", "fault.o", "-o", "fault.elf").status == 0
    result = run("emu", "fault.elf")
    assert result.status == 139
    assert "bad read of 8 bytes at 0x10" in result.stderr
    assert "_start+0x2" in result.stderr
    assert "a0 0000000000000010" in result.stderr


def test_an_executables_exit_status_is_handed_on(run: CommandLine, place: Path) -> None:
    assert run("emu", "seven.elf").status == 7
