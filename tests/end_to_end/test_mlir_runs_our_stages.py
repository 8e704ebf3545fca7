"""MLIR as judge of our semantics: it compiles our linalg stage and shows the same values."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet import host
from fleet.diagnostics import ProgramError, ProgramExit
from fleet.driver import lower
from fleet.ir.interpreter import Interpreter
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.stages import until

OPT, RUNNER, CLANG = "mlir-opt-19", "mlir-cpu-runner-19", "clang-19"
PIPELINE = (
    "builtin.module(canonicalize,one-shot-bufferize{allow-return-allocs-from-loops=true "
    "bufferize-function-boundaries=true "
    "function-boundary-type-conversion=fully-dynamic-layout-map},convert-linalg-to-loops,"
    "expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,"
    "convert-math-to-libm,arith-expand,convert-arith-to-llvm,finalize-memref-to-llvm,"
    "convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)"
)
MEMREF_COPY = """
#include <stdint.h>
#include <string.h>
typedef struct { int64_t rank; void *descriptor; } Unranked;
typedef struct { char *base, *aligned; int64_t offset, dims[]; } Descriptor;
void memrefCopy(int64_t size, Unranked *from, Unranked *to) {
  Descriptor *s = from->descriptor, *d = to->descriptor;
  int64_t rank = from->rank, at[16] = {0}, i;
  for (i = 0; i < rank; i++) if (!s->dims[i]) return;
  do {
    int64_t a = s->offset, b = d->offset;
    for (i = 0; i < rank; i++) a += at[i] * s->dims[rank + i], b += at[i] * d->dims[rank + i];
    memcpy(d->aligned + b * size, s->aligned + a * size, size);
    for (i = rank - 1; i >= 0 && ++at[i] == s->dims[i]; i--) at[i] = 0;
  } while (i >= 0);
}
"""
"""What MLIR's run-time library has, which Debian does not package: copies that are no memcpy."""
RECURSIVE = "recursions_and_unions"
"""MLIR bufferises no functions that call themselves."""
ARGUMENTS = {"ints_of_run_time": "20 3 1.5e3"}
"""Instead of a program's own: stubs read no `inf`, and do not mind overflow."""
PROGRAMS = [
    path for path in sorted((Path(__file__).parent / "programs").glob("*.py"))
    if path.stem != RECURSIVE
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for tool in (OPT, RUNNER, CLANG):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    folder = tmp_path_factory.mktemp("library")
    (folder / "copy.c").write_text(MEMREF_COPY)
    made = folder / "libcopy.so"
    subprocess.run([CLANG, "-shared", "-fPIC", "-O1", folder / "copy.c", "-o", made], check=True)
    return made


def shown_by_mlir(text: str, folder: Path, library: Path) -> tuple[list[int], int]:
    """The 64-bit words that a stubbed module shows, and its status."""
    (folder / "in.mlir").write_text(text)
    lowered = folder / "out.mlir"
    subprocess.run(
        [OPT, folder / "in.mlir", f"--pass-pipeline={PIPELINE}", "-o", lowered], check=True
    )
    run = subprocess.run(
        [RUNNER, lowered, "-e", "main", "-entry-point-result=void", f"-shared-libs={library}"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert not run.stderr, run.stderr[:2000]
    return [int(line, 16) for line in run.stdout.split()], run.returncode


def elements(value: Any) -> Iterator[Any]:
    """What a stub shows of an operand."""
    if isinstance(value, str | bytes):
        data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        yield from np.frombuffer(data, np.int8)
    elif value is not None:
        yield from np.asarray(value).reshape(-1)


def shown_by_us(module: Any, argv: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[list, int]:
    """The numbers that our interpreter hands to services that show them, and the status."""
    shown: list[Any] = []

    def show(world: object, arguments: list[Any], options: object) -> tuple[str, ...]:
        for value in arguments:
            shown.extend(elements(value))
        return ()

    def text(world: object, arguments: list[Any], options: object) -> tuple[str, ...]:
        show(world, arguments, options)
        return ("",)

    monkeypatch.setitem(host.SERVICES, "print", show)
    monkeypatch.setitem(host.SERVICES, "format", text)
    try:
        Interpreter(module, host.Host(argv, io.StringIO(), io.StringIO())).run()
    except ProgramExit as stopped:
        return shown, stopped.status
    except ProgramError:
        return shown, 1
    return shown, 0


def same(word: int, number: Any) -> bool:
    """Whether a stub's word is a number: exactly, or as near as functions and sums are."""
    signed = np.int64(word - (1 << 64) if word >> 63 else word)
    if number.dtype.kind == "u":  # signless there
        return int(signed) == int(number.view(f"i{number.itemsize}"))
    if number.dtype.kind != "f":
        return int(signed) == int(number)
    tolerance = 1e-5 if number.itemsize < 8 else 1e-12
    return bool(np.isclose(signed.view(np.float64), float(number), tolerance, 0, equal_nan=True))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_mlir_shows_the_values_that_our_interpreter_shows(
    program: Path, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program.read_text().splitlines()[0].removeprefix("# args:")
    arguments = ARGUMENTS.get(program.stem, own).split()
    module = lower(str(program), until("linalg"))
    expected, status = shown_by_us(module, [str(program), *arguments], monkeypatch)
    assert expected
    PassManager([("stub-services", {"arguments": ",".join(arguments)})]).run(module)
    words, ended = shown_by_mlir(print_op(module, trailer=True), tmp_path, library)
    assert (ended, len(words)) == (status, len(expected))
    for word, number in zip(words, expected, strict=True):
        assert same(word, number), f"{word:016x} is not {number!r}"
