"""A mistake planted in each layer is named by `fleet bisect`, within a bounded number of runs."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fleet.asm.isa.table import encodings
from fleet.cli import main
from fleet.codegen.loops import vectorise
from fleet.codegen.registers import allocate, frame
from fleet.comparison import bisect, compare_all
from fleet.dialects import arith, rv, tosa
from fleet.emu.native.stubs import floating as native
from fleet.emu.vector import floating as reference
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PASSES
from fleet.ir.rewriting.rewriter import Rewriter
from fleet.passes.linalg import from_tosa, fuse
from fleet.passes.numpy import to_tosa
from fleet.vm import machine, stepping, templates

Bisect = Callable[[list[str]], str]


def with_other(operation: str, other: str, root: Operation) -> None:
    """Replace operations below another by ones of the same operands."""
    for each in list(root.walk()):
        if each.name == operation:
            each.name = other


def test_nothing_is_found_where_nothing_is_wrong(
    normalise: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bisect(normalise) == 0
    text = capsys.readouterr().out
    assert "departs" not in text
    assert not Path("normalise-wrong.npz").exists()


def test_a_wrong_canonicalisation_pattern(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def subtract_as_add(operation: Operation, rewriter: Rewriter) -> bool:
        rewriter.replace_by(operation, tosa.add, *operation.operands)
        return True

    monkeypatch.setattr(tosa.sub, "patterns", [*tosa.sub.patterns, subtract_as_add])
    text = bisected(normalise)
    assert "the first pass that departs is canonicalize{fold-arrays=false}, of stage tosa" in text
    assert re.search(
        r"normalise.py:6:\d+: application \d+ of \d+: "
        r"test_planted_bugs.subtract_as_add at 'tosa.sub'", text
    ), text  # fmt: skip


def test_a_wrong_conversion_to_tosa(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = to_tosa.HANDLERS["numpy.subtract"]

    def wrong_subtract(conversion, op):
        values = right(conversion, op)
        before = op.previous
        while before is not None and before.name != "tosa.sub":
            before = before.previous
        before.name, before.definition = "tosa.add", tosa.add
        return values

    monkeypatch.setitem(to_tosa.HANDLERS, "numpy.subtract", wrong_subtract)
    text = bisected(normalise)
    assert "the first pass that departs is numpy-to-tosa, of stage tosa" in text
    assert "test_planted_bugs.wrong_subtract at 'numpy.subtract'" in text
    assert re.search(r"normalise.py:6:\d+: application", text), text


def test_a_wrong_conversion_to_linalg(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = from_tosa.HANDLERS["tosa.tanh"]

    def wrong_tanh(conversion, op):
        values = right(conversion, op)
        with_other("math.tanh", "math.sin", values[0].owner)
        return values

    monkeypatch.setitem(from_tosa.HANDLERS, "tosa.tanh", wrong_tanh)
    text = bisected(normalise)
    assert "the first pass that departs is tosa-to-linalg, of stage linalg" in text
    assert "test_planted_bugs.wrong_tanh at 'tosa.tanh'" in text
    assert re.search(r"normalise.py:8:\d+: application", text), text


def test_a_wrong_fusion(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = fuse._fused

    def wrong(producer: Operation, consumer: Operation, number: int) -> object:
        form = right(producer, consumer, number)
        if form is not None:
            for op in form.block:
                if op.name == "arith.subf":
                    op.name, op.definition = "arith.addf", arith.addf
        return form

    monkeypatch.setattr(fuse, "_fused", wrong)
    text = bisected(normalise)
    assert "the first pass that departs is fuse, of stage fused" in text
    assert re.search(r"application \d+ of \d+: producer into consumer at", text), text
    assert "normalise.py:" in text


def test_a_wrong_vectorisation(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = vectorise.Strips.rewrite

    def wrong(strips: vectorise.Strips) -> None:
        loop = next(v for v in vars(strips).values() if isinstance(v, Operation))
        kernel = loop.parent_op
        right(strips)
        with_other("arith.divf", "arith.mulf", kernel)

    monkeypatch.setattr(vectorise.Strips, "rewrite", wrong)
    text = bisected(normalise)
    assert "departs on vector: " in text and "an error of" in text
    assert "the first pass that departs is vectorise, of stage vector" in text
    assert re.search(r"normalise.py:\d+:\d+: application \d+ of \d+: run a loop in strips", text)


def test_a_wrong_register(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values that are alive together get one register."""
    monkeypatch.setattr(allocate, "overlap", lambda a, b: False)
    text = bisected(normalise)
    assert "the first pass that departs is allocate-registers, of stage allocated" in text
    assert re.search(r"normalise.py:\d+:\d+: 'rv.\S+' reads \w+ for operand \d, which is to", text)


@pytest.mark.parametrize(
    ("operation", "words"),
    [(rv.spill, "of a slot that no spill has written"), (rv.reload, "reads")],
    ids=["spill", "reload"],
)
def test_a_dropped_spill_and_a_dropped_reload(
    spilling: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch, operation, words: str
) -> None:
    def drop_spill(_frame, builder, op: Operation) -> None:
        op.erase()

    def drop_reload(_frame, builder, op: Operation) -> None:
        op.replace_with([builder.value(rv.register, types=[op.result.type])])

    dropped = drop_spill if operation is rv.spill else drop_reload
    monkeypatch.setitem(frame._EXPANSIONS, operation, dropped)
    text = bisected(spilling)
    assert "the first pass that departs is allocate-registers, of stage allocated" in text
    assert re.search(r"spilling.py:\d+:\d+: 'rv.\S+' reads \w+ for operand \d, which is to", text)
    assert words in text


def forget_encodings() -> None:
    """Let the assembler, disassembler and emulator read the table anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith("fleet."):
            for value in list(vars(module).values()):
                is_cache = isinstance(value, functools._lru_cache_wrapper)
                owner = value.__module__ if is_cache else ""
                if owner.startswith("fleet.asm") and value is not encodings:
                    value.cache_clear()
    sys.modules["fleet.asm.isa.table"]._decoded.clear()


@pytest.fixture
def swapped() -> Iterator[tuple[str, str]]:
    """Two rows of the instruction table with each other's bits."""
    first, second = encodings()["vfadd.vv"], encodings()["vfmul.vv"]
    bits = first.match, second.match

    def write(a: int, b: int) -> None:
        object.__setattr__(first, "match", a)
        object.__setattr__(second, "match", b)
        forget_encodings()

    write(*reversed(bits))
    yield first.mnemonic, second.mnemonic
    write(*bits)


def test_a_wrong_encoding_is_seen_by_an_independent_decoder(
    normalise: list[str], bisected: Bisect, swapped: tuple[str, str], tool: Callable[..., str]
) -> None:
    """Assembler, disassembler and emulator agree with one another: the output is right."""
    tool("riscv64-linux-gnu-objdump")
    text = bisected(normalise)
    assert "vm           same" in text
    assert re.search(r"the encoding is wrong: `(vf\w+.vv) .*which is `(vf\w+.vv) ", text), text
    assert set(re.search(r"wrong: `(\S+) .*which is `(\S+) ", text).groups()) == set(swapped)


def test_a_wrong_row_of_the_native_executor(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(native.ARITHMETIC, "vfmul", "vadd")
    text = bisected(normalise)
    assert "departs on native: " in text
    assert re.search(
        r"normalise.py:\d+:\d+: the native executor is wrong: it executes `vfmul.v\w ", text
    ), text  # fmt: skip


def test_a_wrong_row_of_the_reference_executor(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch,
    tool: Callable[..., str],
) -> None:  # fmt: skip
    """The mistake is in what rv is run with, too: qemu says that the code is right."""
    tool("qemu-riscv64")
    monkeypatch.setitem(reference.DIRECT, "vfmul", (np.add, False))
    monkeypatch.setitem(reference.ARITHMETIC, "vfmul", reference.ARITHMETIC["vfadd"])
    text = bisected(normalise)
    assert re.search(
        r"normalise.py:\d+:\d+: the reference executor is wrong: `vfmul.v\w .* leaves \w+ in v\d+ ",
        text,
    ), text


def test_wrong_arithmetic_of_the_bytecode_machine(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(templates.TEMPLATES, "int_mul", ("{d} = {a} * {b} + 1",))
    monkeypatch.setattr(machine, "handler_of", stepping.handler_of.__wrapped__)
    text = bisected(normalise)
    assert "\nir vm        same" in text and "\nvm           departs: " in text
    assert "cannot reshape array of size 31 into shape (5,6)" in text
    assert "the bytecode is wrong, or the machine that runs it" in text


def test_a_pass_that_raises_an_error_is_named(
    normalise: list[str], bisected: Bisect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(producer: Operation, consumer: Operation, number: int) -> object:
        raise KeyError(number)

    monkeypatch.setattr(fuse, "_fused", wrong)
    text = bisected(normalise)
    assert "ir fused     departs: status 1, pass fuse: KeyError" in text
    assert "the first pass that departs is fuse, of stage fused" in text


def test_a_saved_launch_departs_alone_as_long_as_the_mistake_is_there(
    normalise: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = PASSES["select-instructions"]

    def function(module: Operation, *options: object) -> None:
        entry.function(module, *options)
        with_other("rv.vfadd.vf", "rv.vfsub.vf", module)

    wrong = type(entry)(entry.name, entry.description, function, entry.options)
    with monkeypatch.context() as patch:
        patch.setitem(PASSES, entry.name, wrong)
        assert compare_all(normalise, saved=Path("wrong.npz")) == 1
        text = capsys.readouterr().err
        assert "departs on rv: " in text
        assert "the first pass that departs is select-instructions, of stage rv" in text
        assert main(["replay", "wrong.npz"]) == 1
        assert "departs on rv: " in capsys.readouterr().out
    assert main(["replay", "wrong.npz"]) == 0
    assert "departs" not in capsys.readouterr().out
    results = {}
    for layer in ("kernels", "vector", "allocated", "native"):
        assert main(["replay", "wrong.npz", "--on", layer]) == 0
        results[layer] = capsys.readouterr().out
    assert results["kernels"].startswith("output 0: float32 [")
    assert results["vector"] == results["allocated"] == results["native"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_what_is_no_launch_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "file.npz"
    path.write_bytes(content)
    assert main(["replay", str(path)]) == 1
    assert "holds no launch of a kernel" in capsys.readouterr().err
    np.savez(path, other=np.zeros(3))
    assert main(["replay", str(path)]) == 1
    assert "holds no launch of a kernel" in capsys.readouterr().err
