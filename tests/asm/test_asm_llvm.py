"""The assembler against its second judge, llvm-mc 19. Where LLVM and GNU disagree we follow GNU."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from instruction_words import random_words
from test_asm_differential import can_be_written, compare_bytes, written

from fleet.asm.assembler import assemble
from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.legality import complaint
from fleet.diagnostics import FleetErrors

Tool = Callable[..., str]
FEATURES = "-mattr=+m,+a,+f,+d,+c,+v,+zihintpause,-relax"


def llvm_mc(tool: Tool, text: str, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [tool("llvm-mc-19", "llvm-mc"), "-triple=riscv64", FEATURES, *flags]
    return subprocess.run(command, input=text, capture_output=True, text=True)


def llvm_bytes(tool: Tool, folder: Path, text: str) -> bytes:
    compiled, raw = folder / "llvm.o", folder / "llvm.bin"
    run = llvm_mc(tool, text, "-filetype=obj", "-o", str(compiled))
    assert run.returncode == 0, run.stderr[:2000]
    copy = tool("riscv64-linux-gnu-objcopy")
    subprocess.run([copy, "-O", "binary", "-j", ".text", compiled, raw], check=True)
    return raw.read_bytes()


def is_elsewhere(encoding: Encoding, line: str) -> bool:
    """Lines that the two judges take in different ways, or that one of them refuses.

    - LLVM knows CSRs that only RV32 has, and `tinfo`, by number alone on RV64.
    - GNU as does not compress `add rd, rs, zero` to c.mv; LLVM does.
    """
    if encoding.extension == "Zicsr":
        return bool(re.search(r"h,|tinfo|pmpcfg", line))
    return bool(re.fullmatch(r"\tadd\t\w+,\w+,zero|\tadd\t\w+,zero,\w+", line))


@pytest.mark.parametrize("aliases", [False, True])
@pytest.mark.parametrize("option", ["rvc", "norvc"])
def test_every_instruction_assembles_to_the_bytes_of_llvm(
    tool: Tool, tmp_path: Path, option: str, aliases: bool
) -> None:
    words = [
        (word, encoding)
        for word, encoding, values in random_words(31, 12, legal=True)
        if can_be_written(encoding, values)
        and not (option == "norvc" and encoding.size == 2 and not aliases)
    ]
    lines = written([(word, encoding.size) for word, encoding in words], aliases=aliases)
    kept = [
        line
        for line, (_, encoding) in zip(lines, words, strict=True)
        if not is_elsewhere(encoding, line)
        and not (option == "rvc" and re.search(r"\t\.[-+]\d+$|,\.[-+]\d+$", line))
    ]
    # LLVM leaves branches to `.+8` as they are for the linker to shorten: see REACHES for these.
    assert len(kept) > 0.93 * len(lines)
    text = f".option {option}\n" + "\n".join(kept) + "\n"
    ours = bytes(assemble(text).section(".text").data)
    theirs = llvm_bytes(tool, tmp_path, text)
    if ours != theirs:
        for line in kept:
            part = f".option {option}\n{line}\n"
            pair = bytes(assemble(part).section(".text").data), llvm_bytes(tool, tmp_path, part)
            assert (line, pair[0].hex()) == (line, pair[1].hex())


def test_add_of_zero_is_compressed_as_gnu_as_does_it(tool: Tool, tmp_path: Path) -> None:
    """LLVM makes c.mv of `add a0, a1, zero`, GNU as leaves it; ours is GNU's."""
    lines = ["\tadd a0, a1, zero", "\tadd a0, zero, a1", "\tadd a0, a0, a1", "\tmv a0, a1"]
    text = ".option norelax\n" + "\n".join(lines) + "\n"
    compare_bytes(tool, tmp_path, text, lines)
    assert len(llvm_bytes(tool, tmp_path, text)) == 8
    assert assemble(text).section(".text").size > 8


def test_operands_that_llvm_refuses_are_refused(tool: Tool) -> None:
    """And those of which the manual says more than LLVM checks.

    LLVM does not look at register groups of segments, at indices within the segments that are
    loaded, and at vzext and vsext.
    """
    rng = random.Random(32)
    cases = []
    for _, encoding, values in random_words(33, 20):
        if encoding.extension == "V":
            for name in values.keys() & {"vd", "vs1", "vs2", "vs3"}:
                if rng.random() < 0.5:  # make overlaps likely
                    values[name] = rng.choice((0, 1, 2, 4, 8, 30, 31))
            cases.append((encoding, values))
    words = [(encoding.encode(values), 4) for encoding, values in cases]
    lines = written(words, aliases=False)
    messages = llvm_mc(tool, "\n".join(lines) + "\n", "-filetype=null").stderr
    refused = {int(n) - 1 for n in re.findall(r"^<stdin>:(\d+):\d+: error", messages, re.M)}
    with pytest.raises(FleetErrors):
        assemble("\n".join(lines) + "\n")
    more = 0
    for number, (line, (encoding, values)) in enumerate(zip(lines, cases, strict=True)):
        found = complaint(encoding, values)
        if number in refused:
            assert found is not None, line
        elif found is not None:
            more += 1
            assert encoding.nf > 1 or encoding.stem in ("vzext", "vsext"), line
    assert len(refused) > 500 and more > 500


REACHES = [
    ("beq a0, a1, {}", 4096), ("beqz a0, {}", 256), ("beqz t6, {}", 4096), ("j {}", 2048),
    ("bgtu s3, s4, {}", 4096), ("bnez s1, {}", 256),
]  # fmt: skip


@pytest.mark.parametrize("option", ["rvc", "norvc"])
@pytest.mark.parametrize(("instruction", "reach"), REACHES)
def test_branches_change_their_form_at_the_distance_where_gnu_as_does(
    tool: Tool, tmp_path: Path, option: str, instruction: str, reach: int
) -> None:
    for forward in (True, False):
        for distance in range(reach - 12, reach + 14, 2):
            branch = "\t" + instruction.format("there")
            gap = f"\t.zero {distance}"
            middle = [branch, gap, "there:"] if forward else ["there:", gap, branch]
            lines = [f".option norelax\n.option {option}", *middle, "\tnop"]
            text = "\n".join(lines) + "\n"
            compare_bytes(tool, tmp_path, text, [])


def test_branches_that_pull_each_other_over_the_edge_are_as_of_gnu_as(
    tool: Tool, tmp_path: Path
) -> None:
    """Lengthening one branch moves the target of another just out of its reach."""
    rng = random.Random(34)
    for _ in range(6):
        lines = []
        for number in range(60):
            lines.append(f"l{number}:")
            target = min(59, max(0, number + rng.choice((-30, -28, 28, 30))))
            lines.append(f"\t{rng.choice(('beqz a0,', 'bnez s0,', 'blt a0, a1,', 'j'))} l{target}")
            lines.append(f"\t.zero {rng.choice((4, 6, 8, 132, 134, 136))}")
        text = ".option norelax\n" + "\n".join(lines) + "\n"
        compare_bytes(tool, tmp_path, text, [])
