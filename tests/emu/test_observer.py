"""What is counted and traced is what qemu executes, instruction by instruction."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import qemu_judge

from fleet.asm.assembler import assemble
from fleet.diagnostics import FleetError
from fleet.emu.device import Device
from fleet.emu.linux.process import Process
from fleet.emu.machine import DEFAULT_EXECUTOR, EXECUTORS, Machine
from fleet.emu.observer import Breakpoint, Trace, Watch, observing, profile, shares
from fleet.emu.statistics import Counts

KERNELS = """
typedef unsigned long word;
static int values[1000];
static double sums[40];

__attribute__((noinline)) void fill(int *to, int n) {
    for (int i = 0; i < n; i++) to[i] = i * i + 1;
}

__attribute__((noinline)) double total(const int *from, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += from[i] * 0.5;
    return sum;
}

__attribute__((noinline)) int shared(int *place, unsigned char *bytes, int n) {
    int was = 0;
    for (int i = 0; i < n; i++) {
        was += __atomic_fetch_add(place, i, __ATOMIC_SEQ_CST);
        int expected = was;
        __atomic_compare_exchange_n(place, &expected, i, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        bytes[3 * i] ^= bytes[i * i % 300];
    }
    return was;
}

void _start(void) {
    shared(values, (unsigned char *)(values + 100), 90);
    for (int n = 0; n < 40; n++) {
        fill(values, n * 7);
        sums[n] = total(values, n * 7);
    }
    register word status __asm__("a0") = (word)sums[9] & 63, number __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(status), "r"(number));
}
"""


def build(folder: Path, tool: Callable[..., str]) -> Path:
    source, elf = folder / "kernels.c", folder / "kernels"
    source.write_text(KERNELS)
    command = [
        tool("clang-19"), "--target=riscv64-linux-gnu", f"--ld-path={tool('ld.lld-19')}",
        "-march=rv64gcv", "-O3", "-ffast-math", "-g", "-static", "-nostdlib", "-ffreestanding",
        "-o", elf, source,
    ]  # fmt: skip
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return elf


def process(elf: Path, vlen: int, **options: bool | str) -> Process:
    streams = {0: io.BytesIO(), 1: io.BytesIO(), 2: io.BytesIO()}
    return Process(Machine(vlen, **options), elf, [str(elf)], streams=streams)


@pytest.mark.parametrize("vlen", [128, 512])
def test_counts_by_address_are_those_of_qemu(
    vlen: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = build(tmp_path, tool)
    places = qemu_judge.counts(elf, vlen, tmp_path, tool)
    words = {place.address: place.word for place in places}
    elements = qemu_judge.elements(qemu_judge.steps(elf, vlen, tmp_path, tool), words, vlen)
    expected = {
        place.address: Counts(
            place.count, place.is_vector * place.count, elements[place.address], place.loads,
            place.stores,
        )
        for place in places
    }  # fmt: skip
    total = Counts()
    for counts in expected.values():
        total.merge(counts)
    assert min(vars(total).values()) > 500
    vectors = {}
    for executor in EXECUTORS:
        running = process(elf, vlen, count_instructions=True, executor=executor)
        running.machine.count_by_address()
        running.run()
        table = shares(running.machine, lambda address: f"{address:x}")
        assert {int(place, 16): counts for place, counts in table.items()} == expected
        stats = running.machine.stats()
        assert stats.total == total
        assert stats.vector_instructions == total.vector_instructions
        vectors[executor] = stats.vector
        assert stats.executors[executor].vector_instructions > 500
    assert vectors["reference"] == vectors["native"]


@pytest.mark.parametrize("vlen", [128, 512])
def test_a_trace_has_the_instructions_that_qemu_executes(
    vlen: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = build(tmp_path, tool)
    expected = [step.address for step in qemu_judge.steps(elf, vlen, tmp_path, tool)]
    running = process(elf, vlen)
    out = io.StringIO()
    trace = Trace(running.machine, out)
    running.run()
    trace.close()
    lines = out.getvalue().splitlines()
    assert [int(line.split()[1], 16) for line in lines] == expected
    assert [int(line.split()[0]) for line in lines] == list(range(1, len(expected) + 1))


def test_a_trace_can_be_of_one_function_or_of_a_range(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    elf = build(tmp_path, tool)
    texts = {}
    for what in ("", "fill", "100-199"):
        running = process(elf, 256)
        out = io.StringIO()
        trace = Trace(running.machine, out, what)
        running.run()
        trace.close()
        texts[what] = out.getvalue().splitlines()
    assert texts["100-199"] == texts[""][99:199]
    assert texts["fill"] == [line for line in texts[""] if "<fill" in line.split()[2]]
    assert 0 < len(texts["fill"]) < len(texts[""])
    with pytest.raises(FleetError, match="no function 'nothing'"):
        Trace(process(elf, 256).machine, io.StringIO(), "nothing")


def test_a_profile_tells_functions_and_lines(tmp_path: Path, tool: Callable[..., str]) -> None:
    running = process(build(tmp_path, tool), 256, count_instructions=True)
    running.machine.count_by_address()
    running.run()
    by_symbol, by_line = profile(running.machine).split("\n\n")
    names = {line.split()[-1]: line.split() for line in by_symbol.splitlines()[1:]}
    assert set(names) == {"fill", "total", "shared", "_start", "(all)"}
    total = running.machine.stats().instructions
    assert int(names["(all)"][0].replace(",", "")) == total
    assert re.search(r"kernels\.c:7$", by_line, re.MULTILINE)


CHANGES = """
.option norvc
function:
    li a0, 7
    vsetivli t0, 4, e32, m1, ta, ma
    vmv.v.i v3, -1
middle:
    vadd.vv v4, v3, v3
    ret
"""


def device(executor: str = DEFAULT_EXECUTOR) -> Device:
    made = Device(vlen=128, count_instructions=True, executor=executor)
    unit = assemble(CHANGES)
    code = next(section.data for section in unit.sections if section.name == ".text")
    made.machine.load(0x10000, bytes(code))
    made.machine.symbols.update(function=0x10000, middle=0x1000C)
    return made


def test_a_trace_shows_what_each_instruction_changes(tmp_path: Path) -> None:
    made = device()
    file = tmp_path / "trace"
    with observing(made.machine, Watch(trace=str(file)), io.StringIO()):
        made.call("function")
        made.call("function")
    lines = [re.sub(r"\s+", " ", line).strip() for line in file.read_text().splitlines()]
    assert lines[:4] == [
        "1 10000 <function> li a0,7 a0=0x7",
        "2 10004 <function+0x4> vsetivli t0,4,e32,m1,ta,ma t0=0x4 vl=4 vtype=e32,m1,ta,ma",
        f"3 10008 <function+0x8> vmv.v.i v3,-1 v3={'f' * 32}",
        f"4 1000c <middle> vadd.vv v4,v3,v3 v4={'fffffffe' * 4}",
    ]
    assert len(lines) == 10 and lines[5] == "6 10000 <function> li a0,7"


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_breakpoint_shows_the_registers_whenever_it_is_reached(executor: str) -> None:
    """Also at a vector instruction that follows another one."""
    made = device(executor)
    out = io.StringIO()
    Breakpoint(made.machine, "middle", out)
    for _ in range(6):
        made.call("function")
    text = out.getvalue()
    assert [int(count) for count in re.findall(r"break middle \((\d)\)", text)] == [*range(1, 7)]
    assert made.stats.instructions == 30
    assert "vadd.vv v4,v3,v3" in text and "vl 4  vtype e32,m1,ta,ma" in text
    assert "a0 0000000000000007" in text
    with pytest.raises(FleetError, match="no symbol 'nowhere'"):
        Breakpoint(made.machine, "nowhere", out)


def test_kernels_are_counted_over_all_calls() -> None:
    made = device()
    made.machine.count_by_address()
    for _ in range(3):
        made.call("function")
    table = shares(made.machine, lambda address: made.machine.places.function(address)[0])
    assert (table["function"].instructions, table["function"].vector_instructions) == (9, 6)
    assert (table["middle"].instructions, table["middle"].vector_instructions) == (6, 3)
    assert table["function"].elements == 12
