"""Runs batches of sequences under qemu and with our executors, and shrinks what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence as Many
from dataclasses import dataclass, field, replace
from pathlib import Path

from fleet.asm.isa.table import decode

from .harness import Harness, Record, is_modern, run_fleet, run_qemu
from .scalar import NOP
from .sequences import Generator, Sequence, Step

BATCH = 200
"""Sequences in a program."""


@dataclass
class Tally:
    """Vector instructions that were executed, and those that were illegal, with what differed.

    skipped:   how many were left out because qemu is known to do them otherwise
    mnemonics: of what was executed
    """

    executed: int = 0
    illegal: int = 0
    sequences: int = 0
    failures: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    mnemonics: set[str] = field(default_factory=set)

    def __iadd__(self, other: Tally) -> Tally:
        self.executed += other.executed
        self.illegal += other.illegal
        self.sequences += other.sequences
        self.failures += other.failures
        self.skipped += other.skipped
        self.mnemonics |= other.mnemonics
        return self


class Differential:
    """Comparisons for one VLEN.

    qemu: the path of qemu-riscv64, or None to compare our executors with one another
    executors: the first one is compared with qemu, each other one with the first
    """

    def __init__(
        self, vlen: int, seed: int, qemu: str | None, executors: Many[str], folder: Path
    ) -> None:
        self.vlen, self.seed, self.qemu, self.executors = vlen, seed, qemu, executors
        self.harness = Harness(folder, vlen, seed)

    def batch(self, number: int, *, wild: float = 0.05, size: int = BATCH) -> Tally:
        """Draws and compares one batch; which one, the number says."""
        generator = Generator(
            (self.seed, self.vlen, number), self.vlen, wild=wild, for_qemu=self.qemu is not None,
            modern=self.qemu is None or is_modern(self.qemu),
        )
        sequences = [generator.sequence() for _ in range(size)]
        results = self.run(sequences)
        tally = Tally(sequences=size, skipped=generator.skipped)
        for step in (step for each in sequences for step in each.steps):
            if step.legal:
                tally.executed += 1
                tally.mnemonics.add(decode(step.word).encoding.mnemonic)
            else:
                tally.illegal += 1
        (expected_name, expected), *others = results.items()
        for name, records in others:
            for index, sequence in enumerate(sequences):
                died = index >= len(records) or index >= len(expected)
                if died or records[index] != expected[index]:
                    pair = (expected_name, name)
                    tally.failures.append(self.shrink(number, index, sequence, pair))
                if died:
                    break
        return tally

    def run(self, sequences: Many[Sequence], only: Many[str] = ()) -> dict[str, list[Record]]:
        """Records by who made them, the one that is taken for right first."""
        elf = self.harness.build(sequences)
        found: dict[str, list[Record]] = {}
        if self.qemu is not None and (not only or "qemu" in only):
            found["qemu"] = self.harness.records(run_qemu(self.qemu, elf, self.vlen)[0])
        for executor in self.executors:
            if not only or executor in only:
                found[executor] = self.harness.records(run_fleet(elf, self.vlen, executor))
        return found

    # -- shrinking

    def shrink(
        self, number: int, index: int, sequence: Sequence, pair: tuple[str, str]
    ) -> str:
        """A report of the first instruction that differs, with as few before it as it takes."""
        steps = sequence.steps
        prefixes = [replace(sequence, steps=steps[: n + 1]) for n in range(len(steps))]
        last = self._first_failing(prefixes, pair)
        if last is None:
            return "fails only after others: " + self.describe(number, index, sequence)
        sequence = prefixes[last]
        for n in range(last):
            shorter = replace(sequence, steps=mute(sequence.steps, n))
            if shorter != sequence and self._first_failing([shorter], pair) is not None:
                sequence = shorter
        records = self.run([sequence], pair)
        expected, got = (records[name] for name in pair)
        lines = [f"{pair[0]} != {pair[1]}: {self.describe(number, index, sequence)}"]
        if expected and got:
            lines += [f"    {line}" for line in expected[0].differences(got[0])]
        else:
            lines.append(f"    {pair[0] if not expected else pair[1]} died")
        return "\n".join(lines)

    def _first_failing(self, sequences: Many[Sequence], pair: tuple[str, str]) -> int | None:
        results = self.run(sequences, pair)
        expected, got = (results[name] for name in pair)
        for index in range(len(sequences)):
            if index >= len(expected) or index >= len(got) or expected[index] != got[index]:
                return index
        return None

    def describe(self, number: int, index: int, sequence: Sequence) -> str:
        *before, last = sequence.steps
        lines = [f"--seed {self.seed} --vlen {self.vlen} --batch {number}, sequence {index}"]
        lines += [f"    after  {step.text}" for step in before if step.word != NOP]
        lines.append(f"    {last.text}")
        lines.append(f"    fcsr {sequence.fcsr:#x}, vcsr {sequence.vcsr}")
        return "\n".join(lines)


def mute(steps: tuple[Step, ...], index: int) -> tuple[Step, ...]:
    decoded = decode(steps[index].word)
    if decoded is not None and decoded.encoding.stem.startswith("vset"):
        return steps
    return (*steps[:index], steps[index].muted, *steps[index + 1 :])
