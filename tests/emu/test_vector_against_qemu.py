"""Random vector instructions leave what they leave in qemu-riscv64, under both executors.

`python -m tests.emu.fuzz` does the same for as long as wanted; see there for how.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from fuzz.departures import QEMU_DEPARTS, Departure
from fuzz.differential import Differential, Tally
from fuzz.harness import Harness, run_fleet
from fuzz.sequences import Generator, single

from fleet.emu.native.executor import unusable
from fleet.emu.vector.binders import BINDERS
from fleet.emu.vector.operands import Instruction, Step

EXECUTORS = ("reference",) if unusable() else ("reference", "native")


def fuzz(comparison: Differential, batches: int, **options: float) -> Tally:
    total = Tally()
    for number in range(batches):
        total += comparison.batch(number, **options)
    return total


@pytest.mark.parametrize(("vlen", "batches"), [(128, 5), (256, 3), (512, 2), (1024, 2)])
def test_random_sequences_leave_what_they_leave_in_qemu(
    vlen: int, batches: int, tmp_path: Path, tool: Callable[..., str]
) -> None:
    comparison = Differential(vlen, 0, tool("qemu-riscv64"), EXECUTORS, tmp_path)
    total = fuzz(comparison, batches)
    assert not total.failures, f"{len(total.failures)}:\n" + "\n".join(total.failures[:5])
    assert total.executed > 1000 * batches


def test_the_same_instructions_are_illegal_as_in_qemu(
    tmp_path: Path, tool: Callable[..., str]
) -> None:
    comparison = Differential(128, 1, tool("qemu-riscv64"), EXECUTORS, tmp_path)
    total = fuzz(comparison, 3, wild=0.9)
    assert not total.failures, f"{len(total.failures)}:\n" + "\n".join(total.failures[:5])
    assert total.illegal > 1000


@pytest.mark.skipif(len(EXECUTORS) < 2, reason=unusable())
@pytest.mark.parametrize(("vlen", "size"), [(2048, 100), (8192, 50), (65536, 20)])
def test_executors_agree_where_qemu_has_no_vectors_so_long(
    vlen: int, size: int, tmp_path: Path
) -> None:
    total = Differential(vlen, 2, None, EXECUTORS, tmp_path).batch(0, size=size)
    assert not total.failures, f"{len(total.failures)}:\n" + "\n".join(total.failures[:5])


@pytest.mark.parametrize("entry", QEMU_DEPARTS, ids=lambda entry: entry.name)
def test_qemu_does_depart_from_the_manual(
    entry: Departure, tmp_path: Path, tool: Callable[..., str]
) -> None:
    """Where it no longer does, the entry is to go."""
    comparison = Differential(128, 3, tool("qemu-riscv64"), ("reference",), tmp_path)
    results = comparison.run([single(*entry.example)])
    assert len(results["reference"]) == 1
    assert results["qemu"] != results["reference"]


@pytest.mark.parametrize("entry", QEMU_DEPARTS, ids=lambda entry: entry.name)
def test_both_executors_do_what_the_manual_says_instead(entry: Departure, tmp_path: Path) -> None:
    comparison = Differential(128, 3, None, EXECUTORS, tmp_path)
    word, setting = entry.example
    for records in comparison.run([single(word, setting)]).values():
        (record,) = records
        name = "vstart" if setting.vstart else "illegal instructions"
        assert record.setting(name) == (0 if setting.vstart else 1)


def test_a_mistake_is_found_and_traced_to_its_instruction(
    tmp_path: Path, tool: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(bind: Callable[[Instruction], Step], inst: Instruction) -> Step:
        step, file = bind(inst), inst.unit.file

        def run() -> None:
            step()
            file[inst.vd * inst.unit.vlenb] ^= inst.vl > 1

        return run

    monkeypatch.setitem(BINDERS, "vmul", partial(wrong, BINDERS["vmul"]))
    comparison = Differential(128, 4, tool("qemu-riscv64"), ("reference",), tmp_path)
    failures = fuzz(comparison, 2).failures
    assert failures
    for failure in failures:
        instruction = next(line for line in failure.splitlines() if " vmul." in line)
        assert not instruction.strip().startswith("after")
        assert "--seed 4 --vlen 128 --batch" in failure


def test_the_copied_registers_of_a_host_without_direct_access_serve_as_well(tmp_path: Path) -> None:
    """But for the boxes of singles, which are looked at where registers are Unicorn's own."""
    generator = Generator(5, 128, modern=False)
    elf = Harness(tmp_path, 128, 5).build([generator.sequence() for _ in range(40)])
    copied = run_fleet(elf, 128, "reference", direct=False)
    assert copied == run_fleet(elf, 128, "reference")
