"""What gcc and clang write: assembled, it is what GNU as (or llvm-mc) makes of it, and runs."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.asm.assembler import assemble
from fleet.asm.objects.writer import object_bytes
from fleet.binutils.assembling import assemble_file
from fleet.binutils.linking import link_files
from tests.asm.object_comparison import Summary, summary

Tool = Callable[..., str]

FEATURES = r"""
#include <stdint.h>
#include <stddef.h>
int classify(int x) {
    switch (x) {
    case 0: return 5;  case 1: return 77; case 2: return x * 3; case 3: return 9;
    case 4: return 12; case 5: return 100; case 6: return 1;    case 7: return 333;
    }
    return -1;
}
static const char *names[] = {"a", "bb", "tab\tquote\"\001\377", 0};
const char *name(int i) { return names[i]; }
_Thread_local int counted = 5;
static _Thread_local long hidden_count;
extern _Thread_local int elsewhere;
int threads(void) { return counted + elsewhere + (int)hidden_count; }
long *thread_address(void) { return &hidden_count; }
int tentative;
static int zeros[100];
int filled[4] = {1, 2, 3, 4};
const double constant = 3.25;
float small = 1.5f;
__attribute__((weak)) int maybe(int a) { return a + tentative; }
__attribute__((visibility("hidden"))) int inner(int a) { return a * 2 + zeros[a] + filled[a & 3]; }
__attribute__((section(".special"))) int special(int a) { return a; }
__attribute__((constructor)) static void at_start(void) { zeros[3] = 1; }
int other_name(int) __attribute__((alias("special")));
extern int missing(int);
int calls(int a, double b, float c) { return missing(a) + (int)(b * c) + maybe(a) + (int)small; }
__int128 wide(__int128 a, __int128 b) { return a * b; }
int jump(int n) {
    static const void *const places[] = {&&one, &&two};
    goto *places[n & 1];
one: return 1;
two: return n;
}
"""
LOOPS = r"""
void saxpy(float *restrict y, const float *restrict x, float a, int n) {
    for (int i = 0; i < n; i++) y[i] += a * x[i];
}
int dot(const signed char *a, const signed char *b, int n) {
    int s = 0;
    for (int i = 0; i < n; i++) s += a[i] * b[i];
    return s;
}
void convert(short *o, const float *x, int n) { for (int i = 0; i < n; i++) o[i] = x[i] * 3; }
void choose(int *a, const int *b, const int *c, int n) {
    for (int i = 0; i < n; i++) if (b[i] > 3) a[i] = c[i] / b[i];
}
void gather(int *a, const int *b, const int *at, int n) {
    for (int i = 0; i < n; i++) a[i] = b[at[i]];
}
void average(unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) a[i] = (a[i] + b[i] + 1) >> 1;
}
"""
CLASSES = r"""
template <class T> struct View {
    T *p; int n;
    T sum() const { T s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }
};
struct Base { virtual ~Base() {} virtual int f(int x) { return x; } static int count; };
struct Derived : Base { int f(int x) override { return x * 2; } };
int Base::count = 3;
inline int shared = 7;
inline int &once() { static int q = shared; return q; }
int use(Base *b, View<float> v, View<int> w) {
    try { return b->f(1) + (int)v.sum() + w.sum() + once(); } catch (int e) { return e; }
}
Base *make() { return new Derived; }
"""


def random_program(seed: int) -> str:
    """Functions with arithmetic, loops, switches and tables, from a seed."""
    rng = random.Random(seed)
    types = ("int", "long", "unsigned char", "short", "double", "float", "unsigned long")

    def expression(depth: int) -> str:
        if depth == 0:
            return rng.choice(("a", "b", "i", f"t[{rng.randrange(9)}]", str(rng.randrange(9999))))
        left, right = expression(depth - 1), expression(depth - 1)
        return f"({left} {rng.choice('+-*')} {right})"

    text = ["extern long outside(long);"]
    for number in range(6):
        kind, other = rng.choice(types), rng.choice(types)
        values = ", ".join(str(rng.randrange(-99, 999)) for _ in range(9))
        text.append(f"static {kind} table{number}[9] = {{{values}}};")
        body = [f"{kind} f{number}({kind} a, {other} b) {{ {kind} *t = table{number}, r = 0;"]
        body.append(f"for (int i = 0; i < {rng.randrange(2, 200)}; i++) {{")
        body.append(f"r += {expression(2)}; if (r > {expression(1)}) r -= {expression(2)};")
        body.append(f"switch (i % {rng.randrange(4, 12)}) {{")
        for case in range(rng.randrange(3, 9)):
            body.append(f"case {case}: r += {expression(1)}; break;")
        body.append(f"default: t[i % 9] = {expression(1)} + outside(i); }} }} return r; }}")
        text += body
    return "\n".join(text) + "\n"


def compiled(tool: Tool, folder: Path, source: str, command: str, *, suffix: str = "c") -> Path:
    """The assembly that a compiler makes of a source text."""
    program, *options = command.split()
    path, output = folder / f"program.{suffix}", folder / "program.s"
    path.write_text(source)
    arguments = [tool(program), *options, "-S", path, "-o", output]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return output


def gnu_object(tool: Tool, path: Path, *options: str) -> bytes:
    """What GNU as makes of it; directives that only clang's assembler knows are left out."""
    output, source = path.with_suffix(".gnu.o"), path.with_suffix(".gnu.s")
    source.write_bytes(re.sub(rb"(?m)^\t\.addrsig.*\n", b"", path.read_bytes()))
    command = [tool("riscv64-linux-gnu-as"), "-mno-relax", "-march=rv64gcv", *options, source]
    subprocess.run([*command, "-o", output], check=True)
    return output.read_bytes()


def llvm_object(tool: Tool, path: Path) -> bytes:
    output = path.with_suffix(".llvm.o")
    command = [tool("llvm-mc-19"), "--triple=riscv64-linux-gnu", "-filetype=obj"]
    features = "-mattr=+m,+a,+f,+d,+c,+v,-relax"
    subprocess.run([*command, features, path, "-o", output], check=True)
    return output.read_bytes()


def our_object(path: Path) -> bytes:
    return object_bytes(assemble(path.read_text(errors="surrogateescape"), str(path)))


GCC = "riscv64-linux-gnu-gcc"
CLANG = "clang-19 --target=riscv64-linux-gnu -march=rv64gc -mabi=lp64d -ffreestanding"


@pytest.mark.parametrize(
    "options",
    [
        "-O0", "-O2", "-Os -fcommon", "-O2 -g", "-O0 -g -gdwarf-4", "-O2 -fPIC", "-O2 -g3 -fPIC",
        "-O2 -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables",
        "-O2 -ftls-model=initial-exec -mcmodel=medany -msmall-data-limit=0",
        "-O1 -fstack-protector-all -p",
    ],
)  # fmt: skip
def test_output_of_gcc_assembles_as_gnu_as_assembles_it(
    tool: Tool, tmp_path: Path, options: str
) -> None:
    source = FEATURES + LOOPS + random_program(len(options))
    path = compiled(tool, tmp_path, source, f"{GCC} {options}")
    ours = summary(our_object(path), without=(".debug_line", ".debug_line_str"))
    gnu = summary(gnu_object(tool, path), without=(".debug_line", ".debug_line_str"))
    assert ours.sections.keys() == gnu.sections.keys()
    for name in gnu.sections:
        assert ours.sections[name] == gnu.sections[name], name
    assert ours.symbols == gnu.symbols


@pytest.mark.parametrize(
    "options", ["-O0", "-O3 -march=rv64gcv", "-O2 -fPIC", "-O3 -march=rv64gc_zve32x", "-Oz"]
)
def test_output_of_clang_assembles_as_gnu_as_assembles_it(
    tool: Tool, tmp_path: Path, options: str
) -> None:
    path = compiled(tool, tmp_path, FEATURES + LOOPS, f"{CLANG} {options}")
    ours, gnu = summary(our_object(path)), summary(gnu_object(tool, path))
    assert ours.sections == gnu.sections
    assert ours.symbols == gnu.symbols


@pytest.mark.parametrize("suffix", ["c", "cc"])
def test_output_of_clang_for_debuggers_assembles_as_llvm_assembles_it(
    tool: Tool, tmp_path: Path, suffix: str
) -> None:
    """GNU as 2.40 has no distances as LEB128, and an MD5 sum of other byte order than others."""
    source = CLASSES if suffix == "cc" else FEATURES + LOOPS
    path = compiled(tool, tmp_path, source, f"{CLANG} -O2 -g", suffix=suffix)
    # Both find these tables right, but encode them differently.
    without = (".eh_frame", ".debug_frame", ".debug_line", ".debug_line_str", ".llvm_addrsig")
    ours = summary(our_object(path), without=without)
    llvm = summary(llvm_object(tool, path), without=without)
    assert ours.sections.keys() == llvm.sections.keys()
    for name in llvm.sections:
        mine, theirs = dict(ours.sections[name]), dict(llvm.sections[name])
        if name.startswith(".text"):  # LLVM resolves calls, too
            mine = {key: mine[key] for key in ("size", "flags")}
            theirs = {key: theirs[key] for key in mine}
        if name.startswith((".init_array", ".text")):
            mine.pop("entry size", None), theirs.pop("entry size", None)
        assert mine == theirs, name
    assert places_of(ours) == places_of(llvm)


def places_of(unit: Summary) -> set[tuple[object, ...]]:
    """Names with places, without marks of code and data, which LLVM has in data, too."""
    return {(s[0], s[1], s[4], s[5]) for s in unit.symbols if str(s[0])[0] != "$"}


def decoded_lines(tool: Tool, path: Path) -> list[tuple[str, ...]]:
    """The line table of an object, row by row, as LLVM reads it."""
    command = [tool("llvm-dwarfdump-19"), "--debug-line", path]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    row = r"^(0x[0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) *(.*?) *$"
    return re.findall(row, text, re.MULTILINE) + re.findall(r'name: ".*?([^/"]*)"', text)


@pytest.mark.parametrize("command", [f"{GCC} -O2 -g", f"{GCC} -O2 -g -gdwarf-4", f"{CLANG} -O2 -g"])
def test_line_tables_say_what_those_of_gnu_as_and_llvm_say(
    tool: Tool, tmp_path: Path, command: str
) -> None:
    path = compiled(tool, tmp_path, FEATURES + LOOPS, command)
    mine = tmp_path / "ours.o"
    mine.write_bytes(our_object(path))
    if "clang" in command:
        llvm_object(tool, path)
        theirs = path.with_suffix(".llvm.o")
    else:
        gnu_object(tool, path)
        theirs = path.with_suffix(".gnu.o")
    assert decoded_lines(tool, mine) == decoded_lines(tool, theirs)
    tools = [tool("riscv64-linux-gnu-readelf"), "-aW", "--debug-dump=info,line,frames", mine]
    done = subprocess.run(tools, capture_output=True, text=True)
    assert "rror" not in done.stderr and "orrupt" not in done.stderr


THREADS = r"""
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
_Thread_local int counter = 40;
static _Thread_local long hidden;
extern _Thread_local int other;
int tentative, several[10];
extern int extra(int);
static void *work(void *arg) {
    for (int i = 0; i < 1000; i++) { counter++; hidden += 2; other += 3; }
    long *r = malloc(sizeof *r);
    *r = counter + hidden + other + extra((long)arg);
    return r;
}
int main(int argc, char **argv) {
    pthread_t t[3];
    for (long i = 0; i < 3; i++) pthread_create(t + i, 0, work, (void *)i);
    for (int i = 0; i < 3; i++) { void *r; pthread_join(t[i], &r); printf("%ld\n", *(long *)r); }
    printf("%d %d %d %ld %d\n", tentative, counter, other, hidden, several[3]);
    return 7;
}
"""
OTHER_FILE = r"""
_Thread_local int other = 5;
int tentative = 39, several[10];
__attribute__((weak)) int helper(int x) { return x * 3; }
int extra(int x) { static _Thread_local int calls; return helper(x) + ++calls; }
"""


def test_threads_of_a_program_assembled_here_run(tool: Tool, tmp_path: Path) -> None:
    """Both linked by GNU ld and by ours, with glibc."""
    options = "-O1 -g -fPIC -ftls-model=global-dynamic"
    objects = []
    for name, source in (("main", THREADS), ("other", OTHER_FILE)):
        folder = tmp_path / name
        folder.mkdir()
        path = compiled(tool, folder, source, f"{GCC} {options} -fcommon")
        objects.append(str(folder / "program.o"))
        assemble_file(str(path), objects[-1])

    def library(file: str) -> str:
        command = [tool("riscv64-linux-gnu-gcc"), f"-print-file-name={file}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    gnu, ours = tmp_path / "gnu.elf", tmp_path / "ours.elf"
    command = [tool("riscv64-linux-gnu-gcc"), "-static", "-pthread", *objects, "-o", gnu]
    subprocess.run(command, check=True)
    first = [library(n) for n in ("crt1.o", "crti.o", "crtbeginT.o")]
    last = [library(n) for n in ("libc.a", "libgcc.a", "libgcc_eh.a", "crtend.o", "crtn.o")]
    link_files([*first, *objects, *last], str(ours))
    expected = "6046\n6049\n6052\n39 40 5 0 0\n"
    for program in (gnu, ours):
        run = [tool("qemu-riscv64"), program]
        done = subprocess.run(run, capture_output=True, text=True, timeout=30)
        assert (done.stdout, done.returncode) == (expected, 7), program
