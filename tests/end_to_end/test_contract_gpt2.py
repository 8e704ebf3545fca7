"""The contract on GPT-2: what the executable prints is what CPython prints, for any prompt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fleet.asm.objects.elf import read_elf

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"


def cpython(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(MODELS / program), *arguments], capture_output=True, text=True
    )


def fleet(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fleet", *arguments], capture_output=True, text=True, cwd=ROOT
    )


@pytest.fixture(scope="module")
def elf(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("gpt2") / "out.elf")
    built = fleet("build", str(MODELS / "gpt2.py"), "-o", path)
    assert built.returncode == 0, built.stderr
    return path


PROMPTS = [
    ("B", "5"),
    ("Beautiful is", "24"),
    ("If the implementation is hard", "7"),
    ("Ünïcödé → 語", "3"),
    ("Namespaces are one honking great idea -- let's do more of those!" * 2, "4"),
    ("x" * 253, "2"),
]


@pytest.mark.parametrize(("prompt", "count"), PROMPTS)
def test_one_build_serves_every_prompt_length_and_token_count(
    elf: str, prompt: str, count: str
) -> None:
    expected = cpython("gpt2.py", prompt, count)
    got = fleet("emu", "--vlen", "1024", elf, prompt, count)
    assert (got.stdout, got.returncode) == (expected.stdout, 0), got.stderr


@pytest.mark.parametrize("vlen", ["128", "512", "4096", "65536"])
def test_every_vlen_prints_the_same(elf: str, vlen: str) -> None:
    assert fleet("emu", "--vlen", vlen, elf, "Beautiful is", "8").stdout == (
        cpython("gpt2.py", "Beautiful is", "8").stdout
    )


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["x" * 250], id="too long for the context"),
        pytest.param([], id="no prompt"),
        pytest.param([""], id="an empty prompt"),
        pytest.param(["Now", "many"], id="a token count that is no number"),
        pytest.param(["Now", "0"], id="no tokens"),
        pytest.param(["Now", "-1"], id="fewer than no tokens"),
    ],
)
def test_errors_are_pythons_own(elf: str, arguments: list[str]) -> None:
    expected = cpython("gpt2.py", *arguments)
    got = fleet("emu", elf, *arguments)
    assert (got.returncode, got.stdout) == (expected.returncode, expected.stdout)
    assert got.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]


@pytest.mark.parametrize("executor", ["ast", "ir", "vm", "emu"])
def test_every_executor_prints_the_same(executor: str) -> None:
    program = str(MODELS / "gpt2.py")
    got = fleet("run", "--on", executor, program, "Beautiful is", "6")
    assert got.stdout == cpython("gpt2.py", "Beautiful is", "6").stdout, got.stderr


def test_the_float64_twin_prints_the_same(tmp_path: Path) -> None:
    elf = str(tmp_path / "twin.elf")
    built = fleet("build", str(MODELS / "gpt2_float64.py"), "-o", elf)
    assert built.returncode == 0, built.stderr
    got = fleet("emu", "--vlen", "1024", elf, "Beautiful is", "6")
    assert got.stdout == cpython("gpt2_float64.py", "Beautiful is", "6").stdout, got.stderr


def test_run_directly_the_executable_says_how_to_run_it(elf: str, tool) -> None:  # noqa: ANN001
    done = subprocess.run([tool("qemu-riscv64"), elf, "x"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "python -m fleet emu" in line


def test_objdump_sees_the_instructions_that_we_wrote(elf: str, tool) -> None:  # noqa: ANN001
    theirs = subprocess.run(
        [tool("riscv64-linux-gnu-objdump"), "-d", elf], capture_output=True, text=True, check=True
    )
    ours = fleet("dis", elf)
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.split() == theirs.stdout.split()
    assert "vfmacc.vf" in ours.stdout


def test_readelf_has_no_complaint(elf: str, tool) -> None:  # noqa: ANN001
    done = subprocess.run(
        [tool("riscv64-linux-gnu-readelf"), "-aW", elf], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Warning" not in done.stdout


def test_weights_are_in_rodata_once_and_page_aligned(elf: str) -> None:
    file = read_elf(elf)
    rodata = file.section(".rodata")
    assert rodata is not None and rodata.address % 4096 == 0
    with np.load(MODELS / "gpt2.npz") as weights:
        total = sum(array.nbytes for array in weights.values())
        wte = weights["wte"].tobytes()
    transposed = len(wte)  # x @ wte.T reads rows of wte as columns: in place, or laid out again
    data = bytes(file.data(rodata))
    assert data.count(wte) == 1
    assert rodata.size < total + transposed + 64 * 1024


def test_mlir_opt_accepts_every_dump_up_to_kernels(tmp_path: Path, tool) -> None:  # noqa: ANN001
    mlir_opt = tool("mlir-opt-19", "mlir-opt")
    stages = tmp_path / "stages"
    output = str(tmp_path / "out.elf")
    built = fleet("build", str(MODELS / "gpt2.py"), "-o", output, "--dump", str(stages))
    assert built.returncode == 0, built.stderr
    judged = []
    for path in sorted(stages.glob("*.mlir")):
        name = path.stem.partition("-")[2]
        if name in ("numpy", "outlined", "shapes"):
            options = ["--allow-unregistered-dialect"]
        elif name in ("tosa", "linalg", "fused", "kernels"):
            options = []
        else:
            continue
        command = [mlir_opt, *options, str(path), "-o", "/dev/null"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{name}: {done.stderr[:500]}"
        judged.append(name)
    assert len(judged) == 7
