"""C programs, built by others' compilers against the GNU C library, do what they do under qemu."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from fleet.emu.faults import GuestFault
from fleet.emu.linux.process import Process
from fleet.emu.machine import EXECUTORS, Machine

PROGRAMS = Path(__file__).parent / "programs"
GREETINGS = ["GREETING=good morning", "EMPTY="]
WORDS = ("one", "two and five", "", "grüße € 日本")
INPUT = b"first line\n\xff\x00 second line, without an end"

Build = Callable[..., Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Path]:
    """Executables by source and compiler, shared by all tests."""
    return {(): tmp_path_factory.mktemp("built")}


@pytest.fixture
def build(built: dict[tuple[str, ...], Path], tool: Callable[..., str]) -> Build:
    """`build("text.c", "gcc")` or `"clang"`, which writes vector code; with further options."""

    def compiled(source: str | Path, compiler: str, *options: str) -> Path:
        key = str(source), compiler, *options
        if key not in built:
            gcc = tool("riscv64-linux-gnu-gcc")  # brings the C library for both
            command = [gcc, "-O2"]
            if compiler == "clang":
                command = [
                    tool("clang-19"), "--target=riscv64-linux-gnu",
                    f"--ld-path={tool('ld.lld-19')}", "-march=rv64gcv", "-O3",
                ]  # fmt: skip
            elf = built[()] / f"{len(built)}-{Path(source).stem}"
            command += ["-g", "-w", "-static", *options, "-o", str(elf), PROGRAMS / source, "-lm"]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            built[key] = elf
        return built[key]

    return compiled


@pytest.fixture
def qemu(tool: Callable[..., str]) -> Callable[..., tuple[bytes, bytes, int]]:
    """What a program does under qemu: standard output, standard error, status."""

    def run(
        elf: Path, *words: str, vlen: int = 256, folder: Path | None = None
    ) -> tuple[bytes, bytes, int]:
        cpu = f"rv64,v=true,vext_spec=v1.0,vlen={vlen}"
        environment = os.environ | dict(text.split("=", 1) for text in GREETINGS)
        found = subprocess.run(
            [tool("qemu-riscv64"), "-cpu", cpu, elf, *words],
            input=INPUT, capture_output=True, cwd=folder, env=environment, timeout=300,
        )  # fmt: skip
        status = found.returncode
        return found.stdout, found.stderr, status if status >= 0 else 128 - status

    return run


def process(
    elf: Path, *words: str, vlen: int = 256, executor: str = "native", root: Path | None = None
) -> tuple[bytes, bytes, int]:
    streams = {0: BytesIO(INPUT), 1: BytesIO(), 2: BytesIO()}
    machine = Machine(vlen, executor=executor)
    status = Process(
        machine, elf, [str(elf), *words], GREETINGS, streams, None if root is None else str(root)
    ).run()
    return streams[1].getvalue(), streams[2].getvalue(), status


def emulate(
    elf: Path, *words: str, options: tuple[str, ...] = (), **more: object
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "fleet", "emu", *options, elf, *words]
    return subprocess.run(command, capture_output=True, **more)


VECTOR_PROGRAMS = [
    ("arrays.c",), ("vectors.c", "-ffast-math"), ("intrinsics.c",), ("text.c",),
    ("mathematics.c",), ("memory.c",),
]  # fmt: skip


@pytest.mark.parametrize("vlen", [128, 256, 1024])
@pytest.mark.parametrize("program", VECTOR_PROGRAMS, ids=lambda program: program[0])
def test_a_vectorised_program_prints_what_it_prints_under_qemu(
    program: tuple[str, ...], vlen: int, build: Build, qemu: Callable[..., tuple]
) -> None:
    source, *options = program
    elf = build(source, "clang", *options)
    expected = qemu(elf, *WORDS, vlen=vlen)
    assert expected[0].count(b"\n") > 5
    for executor in EXECUTORS:
        assert process(elf, *WORDS, vlen=vlen, executor=executor) == expected


@pytest.mark.parametrize("source", ["text.c", "mathematics.c", "memory.c", "services.c"])
def test_a_scalar_program_prints_what_it_prints_under_qemu(
    source: str, build: Build, qemu: Callable[..., tuple]
) -> None:
    elf = build(source, "gcc")
    out, err, status = process(elf, *WORDS)
    expected = qemu(elf, *WORDS)
    assert (out, status) == (expected[0], expected[2])
    assert err == expected[1].partition(b"qemu:")[0]  # which reports the signal of abort


@pytest.mark.parametrize("way", range(4))
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_handlers_are_called_and_return_as_under_qemu(
    compiler: str, way: int, build: Build, qemu: Callable[..., tuple]
) -> None:
    elf = build("signals.c", compiler)
    out, _, status = qemu(elf, str(way))
    endings = signal.SIGABRT, signal.SIGTERM, signal.SIGSEGV, signal.SIGPIPE
    assert status == 128 + endings[way]
    for executor in EXECUTORS:
        assert process(elf, str(way), executor=executor) == (out, b"", status)


def test_files_are_read_written_and_listed_as_under_qemu(
    build: Build, qemu: Callable[..., tuple], tmp_path: Path
) -> None:
    elf = build("files.c", "gcc")
    folders = tmp_path / "theirs", tmp_path / "ours"
    for folder in folders:
        folder.mkdir()
    expected = qemu(elf, folder=folders[0])
    assert expected[0].endswith(b"to the end\n")
    assert process(elf, root=folders[1]) == expected
    assert list(folders[1].iterdir()) == []


def test_the_command_has_the_same_streams_environment_and_status(build: Build) -> None:
    elf = build("services.c", "gcc")
    ours = emulate(elf, "a", "", "b c", input=b"input", env={**os.environ, "GREETING": "hello"})
    assert ours.stdout.startswith(b"1 a\n2 \n3 b c\nhello\n")
    assert ours.stdout.endswith(b"one two\n5 input\n")
    assert (ours.stderr, ours.returncode) == (b"", 128 + signal.SIGABRT)


FILES = """
#include <stdio.h>
#include <unistd.h>
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
    if (unlink("/dev/null")) perror("/dev/null");
    return fclose(file);
}
"""


def test_files_are_those_below_the_root_and_no_others(build: Build, tmp_path: Path) -> None:
    (tmp_path / "files.c").write_text(FILES)
    elf = build(tmp_path / "files.c", "gcc")
    root = tmp_path / "root"
    root.mkdir()
    (root / "inside").write_text("a text inside")
    (tmp_path / "outside").write_text("a secret")
    (root / "way").symlink_to(tmp_path / "outside")
    (root / "up").symlink_to("../outside")
    (root / "good").symlink_to("/../inside")
    os.mkfifo(root / "pipe")
    outside = str(tmp_path / "outside")
    words = "/inside", "good", "../outside", "/way", "/up", "/missing", "/pipe", outside
    ours = emulate(elf, *words, options=("--root", str(root)))
    assert ours.stdout == b"text inside\ntext inside\n"
    assert ours.stderr.decode().splitlines() == [
        "../outside: No such file or directory",
        "/way: No such file or directory",
        "/up: No such file or directory",
        "/missing: No such file or directory",
        "/pipe: Permission denied",
        f"{outside}: No such file or directory",
        "/dev/null: Operation not permitted",
    ]
    assert ours.returncode == 0 and (root / "new").read_text() == "written"


def test_without_a_root_there_are_no_files(build: Build, tmp_path: Path) -> None:
    source = tmp_path / "files.c"
    source.write_text(FILES)
    ours = emulate(build(source, "gcc"), str(source))
    assert ours.returncode == 1
    assert ours.stderr.decode() == f"{source}: No such file or directory\n" + (
        "new: No such file or directory\n"
    )


def test_strace_shows_calls_with_their_arguments_and_what_is_unknown(build: Build) -> None:
    ours = emulate(build("services.c", "gcc"), options=("--strace",), input=b"abc\n")
    lines = ours.stderr.decode().splitlines()
    assert 'openat(AT_FDCWD, "/etc/no/such/file", O_RDONLY) = -1 ENOENT' in lines
    assert 'writev(1, ["one ", "two\\n"], 2) = 8' in lines
    assert 'readv(0, ["abc", "\\n"], 2) = 4' in lines
    assert any(line.startswith("unknown system call 4000(") for line in lines)
    assert any("PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x" in x for x in lines)
    assert "rt_sigprocmask(SIG_UNBLOCK, [SIGABRT], NULL, 8) = 0" in lines
    assert lines[-1] == "--- SIGABRT ---"


def test_a_second_thread_is_refused_in_one_line(build: Build, tmp_path: Path) -> None:
    source = tmp_path / "thread.c"
    source.write_text("""
        #include <pthread.h>
        #include <stdio.h>
        static void *work(void *n) { return n; }
        int main(void) {
            pthread_t thread;
            printf("%d\\n", pthread_create(&thread, 0, work, 0));
            return 0;
        }
    """)
    ours = emulate(build(source, "gcc"))
    assert (ours.stdout, ours.returncode) == (b"38\n", 0)  # ENOSYS
    assert ours.stderr.decode() == (
        "note: the program asked for a thread (clone); here it has one, and was told ENOSYS\n"
    )


CULPRIT = """
int *nowhere = (int *)64;
__attribute__((noinline)) int culprit(int n) {
    for (int i = 0; i < n; i++)
        nowhere[i] = n;
    return nowhere[0];
}
int main(int argc, char **argv) { return culprit(argc) + 1; }
"""


def test_a_fault_names_function_and_source_line(build: Build, tmp_path: Path) -> None:
    source = tmp_path / "culprit.c"
    source.write_text(CULPRIT)
    ours = emulate(build(source, "gcc"))
    report = ours.stderr.decode()
    assert ours.returncode == 139
    assert "bad write of 4 bytes at 0x40" in report
    assert "<culprit" in report and f"at {source}:5" in report


def test_thousands_of_mappings_and_a_wide_one_are_as_under_qemu(
    build: Build, qemu: Callable[..., tuple]
) -> None:
    elf = build("mappings.c", "gcc")
    expected = qemu(elf)
    assert expected[2] == 0 and expected[0].startswith(b"1\n7\n0\n3\n")
    assert process(elf) == expected


@pytest.mark.parametrize("how", "icbpmrwx")
def test_a_fault_ends_with_the_status_that_it_has_under_qemu(
    how: str, build: Build, qemu: Callable[..., tuple]
) -> None:
    elf = build("mappings.c", "gcc")
    with pytest.raises(GuestFault) as caught:
        process(elf, how)
    assert caught.value.status == qemu(elf, how)[2] > 128


def test_an_endless_loop_ends_after_so_many_instructions(build: Build, tmp_path: Path) -> None:
    source = tmp_path / "loop.c"
    source.write_text("volatile int n;\nint main(void) { for (;;) n++; }\n")
    ours = emulate(build(source, "gcc"), options=("--max-instructions", "1000000"))
    assert ours.returncode == 139
    assert b"more than 1000000 instructions" in ours.stderr and b"<main" in ours.stderr


def test_output_that_nobody_reads_ends_a_program_as_it_does_elsewhere(
    build: Build, tmp_path: Path
) -> None:
    source = tmp_path / "yes.c"
    source.write_text("#include <stdio.h>\nint main(void) { for (;;) puts(\"y\"); }\n")
    elf = build(source, "gcc")
    command = f"{sys.executable} -m fleet emu {elf}; echo $? >&2"
    ours = subprocess.run(["sh", "-c", f"({command}) | head -n 1"], capture_output=True)
    assert ours.stdout == b"y\n"
    assert ours.stderr == b"%d\n" % (128 + signal.SIGPIPE)
