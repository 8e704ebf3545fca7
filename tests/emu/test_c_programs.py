"""C programs, built by others' compilers against the GNU C library, do what they do under qemu."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"
VECTORS = "-cpu", "rv64,v=true,vext_spec=v1.0"


def compile_with_gcc(source: Path, elf: Path, tool: Callable[..., str]) -> Path:
    gcc = tool("riscv64-linux-gnu-gcc")
    subprocess.run([gcc, "-O2", "-g", "-static", "-o", elf, source, "-lm"], check=True)
    return elf


def compile_with_vectors(source: Path, elf: Path, tool: Callable[..., str]) -> Path:
    tool("riscv64-linux-gnu-gcc")  # brings the C library
    command = [
        tool("clang-19"), "--target=riscv64-linux-gnu", f"--ld-path={tool('ld.lld-19')}",
        "-march=rv64gcv", "-O3", "-ffast-math", "-g", "-static", "-o", elf, source, "-lm",
    ]  # fmt: skip
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return elf


def emulate(
    elf: Path, *words: str, options: tuple[str, ...] = (), **more: object
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "fleet", "emu", *options, elf, *words]
    return subprocess.run(command, capture_output=True, **more)


@pytest.mark.parametrize("vlen", [128, 256, 1024])
def test_a_vectorised_program_prints_what_it_prints_under_qemu(
    vlen: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = compile_with_vectors(PROGRAMS / "vectors.c", tmp_path / "vectors", tool)
    words, text = ("one", "two and five"), b"first\nlast"
    qemu = subprocess.run(
        [tool("qemu-riscv64"), *VECTORS[:1], f"{VECTORS[1]},vlen={vlen}", elf, *words],
        input=text, capture_output=True,
    )  # fmt: skip
    ours = emulate(elf, *words, options=("--vlen", str(vlen)), input=text)
    assert ours.stdout == qemu.stdout
    assert (ours.returncode, ours.stderr) == (7, qemu.stderr)


def test_the_system_answers_as_under_qemu(tmp_path: Path, tool: Callable[..., str]) -> None:
    elf = compile_with_gcc(PROGRAMS / "services.c", tmp_path / "services", tool)
    environment = {**os.environ, "GREETING": "good morning"}
    qemu = subprocess.run(
        [tool("qemu-riscv64"), elf, "a", "b c"],
        input=b"input", capture_output=True, env=environment,
    )  # fmt: skip
    ours = emulate(elf, "a", "b c", input=b"input", env=environment)
    assert ours.stdout == qemu.stdout
    assert ours.returncode == 128 + 6 and qemu.returncode == -6  # abort


FILES = """
#include <stdio.h>
int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (!file) { perror(argv[i]); continue; }
        char text[100] = "";
        fseek(file, 2, SEEK_SET);
        printf("%s\\n", fgets(text, 100, file));
        fclose(file);
    }
    FILE *file = fopen("/new", "w");
    if (!file) { perror("new"); return 1; }
    fputs("written", file);
    return fclose(file);
}
"""


def test_files_are_those_below_the_root_and_no_others(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    source = tmp_path / "files.c"
    source.write_text(FILES)
    elf = compile_with_gcc(source, tmp_path / "files", tool)
    root = tmp_path / "root"
    root.mkdir()
    (root / "inside").write_text("a text inside")
    (tmp_path / "outside").write_text("a secret")
    (root / "way").symlink_to(tmp_path / "outside")
    (root / "good").symlink_to("inside")
    os.mkfifo(root / "pipe")
    outside = str(tmp_path / "outside")
    words = "/inside", "good", "../outside", "/way", "/missing", "/pipe", outside
    ours = emulate(elf, *words, options=("--root", str(root)))
    assert ours.stdout == b"text inside\ntext inside\n"
    assert ours.stderr.decode().splitlines() == [
        "../outside: Permission denied",
        "/way: Permission denied",
        "/missing: No such file or directory",
        "/pipe: Permission denied",
        f"{outside}: No such file or directory",
    ]
    assert ours.returncode == 0 and (root / "new").read_text() == "written"


def test_without_a_root_there_are_no_files(tmp_path: Path, tool: Callable[..., str]) -> None:
    source = tmp_path / "files.c"
    source.write_text(FILES)
    elf = compile_with_gcc(source, tmp_path / "files", tool)
    ours = emulate(elf, str(source))
    assert ours.returncode == 1
    assert ours.stderr.decode() == f"{source}: No such file or directory\n" + (
        "new: No such file or directory\n"
    )


def test_strace_names_the_calls_and_those_that_are_unknown(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = compile_with_gcc(PROGRAMS / "services.c", tmp_path / "services", tool)
    ours = emulate(elf, options=("--strace",), input=b"")
    lines = ours.stderr.decode().splitlines()
    assert any(line.startswith("unknown system call 4000(") for line in lines)
    assert "unknown system call 4000" in ours.stderr.decode()
    assert any(line.startswith("getrandom(") and line.endswith(" = 16") for line in lines)
    assert any(line.startswith("openat(") and line.endswith("ENOENT") for line in lines)
    assert lines[-1].startswith("tgkill(")


CULPRIT = """
int *nowhere = (int *)64;
__attribute__((noinline)) int culprit(int n) {
    for (int i = 0; i < n; i++)
        nowhere[i] = n;
    return nowhere[0];
}
int main(int argc, char **argv) { return culprit(argc) + 1; }
"""


def test_a_fault_names_function_and_source_line(tmp_path: Path, tool: Callable[..., str]) -> None:
    source = tmp_path / "culprit.c"
    source.write_text(CULPRIT)
    ours = emulate(compile_with_gcc(source, tmp_path / "culprit", tool))
    report = ours.stderr.decode()
    assert ours.returncode == 139
    assert "bad write of 4 bytes at 0x40" in report
    assert "<culprit" in report and f"at {source}:5" in report


def test_an_endless_loop_ends_after_so_many_instructions(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    source = tmp_path / "loop.c"
    source.write_text("volatile int n;\nint main(void) { for (;;) n++; }\n")
    elf = compile_with_gcc(source, tmp_path / "loop", tool)
    ours = emulate(elf, options=("--max-instructions", "1000000"))
    assert ours.returncode == 139
    assert b"more than 1000000 instructions" in ours.stderr and b"<main" in ours.stderr
