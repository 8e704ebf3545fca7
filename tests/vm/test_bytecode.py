"""Bytecode: both text and binary read back, and damaged bytes are refused in one clear error."""

from __future__ import annotations

import random
import struct

import pytest

from fleet.diagnostics import FleetError
from fleet.vm.bytecode import (
    MEMORY_TYPES,
    OPCODES,
    Function,
    Instruction,
    Place,
    Program,
    Signature,
    Symbol,
    Watched,
    decode,
    validate,
)
from fleet.vm.listing import parse_listing, print_listing
from fleet.vm.operators import OPERATORS


def random_types(rng: random.Random, registers: int) -> list[str]:
    """Types that are held in so many registers."""
    if registers and rng.random() < 0.5:
        return [f"tensor<{'?x' * (registers - 1)}4xf32>"]
    return [rng.choice(["i64", "f64", "i1", "tensor<f32>"]) for _ in range(registers)]


def random_program(rng: random.Random) -> Program:
    """A valid program with every kind of table filled."""
    program = Program(
        kernels=[Symbol(f"k{i}", rng.randrange(1 << 40)) for i in range(3)],
        arrays=[Symbol(f"weights.{i}", rng.randrange(1 << 40)) for i in range(3)],
        numbers=[0, -(1 << 63), (1 << 63) - 1, 0.1, -0.0, float("inf"), 5e-324],
        services=[
            {"name": "print", "kinds": ["int"], "types": ["i64"], "result_kinds": [],
             "result_types": [], "options": {"sep": " ; @3 \"'"}},
        ],
        places=[Place("a b.py", 3, 4, "<module>"), Place('q"uote.py', 9, 0, "f", 0)],
        watched=Watched([0, 2], [1], [1], always=rng.random() < 0.5),
    )  # fmt: skip
    counts = [(rng.randrange(3), rng.randrange(3)) for _ in range(3)]
    program.entry = Signature(*(tuple(random_types(rng, count)) for count in counts[0]))
    for number, (arguments, results) in enumerate(counts):
        length = rng.randrange(5, 40)
        code = []
        for _ in range(length):
            mnemonic = rng.choice([name for name in OPCODES if name != "return"])
            pattern = OPCODES[mnemonic]
            operands: list[int] = []
            if mnemonic == "call":
                callee = rng.randrange(3)
                operands = [callee, counts[callee][1]]
                operands += [rng.randrange(20) for _ in range(sum(counts[callee]))]
            elif mnemonic == "host":
                operands = [0, 1] + [rng.randrange(20) for _ in range(rng.randrange(1, 4))]
            else:
                limits = {"i": 7, "a": 3, "k": 3, "t": length + 1}
                kinds = pattern[0] + "sss" if "*" in pattern else pattern
                operands = [rng.randrange(limits.get(kind, 20)) for kind in kinds]
            code.append(Instruction(mnemonic, tuple(operands), rng.randrange(-1, 2)))
        returned = tuple(rng.randrange(20) for _ in range(results))
        code.append(Instruction("return", returned))
        program.functions.append(Function(f"f{number}", arguments, results, 20, code))
    return program


@pytest.mark.parametrize("seed", range(30))
def test_the_binary_form_and_the_listing_read_back(seed: int) -> None:
    program = random_program(random.Random(seed))
    validate(program)
    assert decode(program.encode()) == program
    assert parse_listing(print_listing(program)) == program


def test_linking_does_not_change_the_size() -> None:
    program = random_program(random.Random(1))
    before = len(program.encode())
    program.link({symbol.name: 0xFFFF_FFFF_FFFF for symbol in program.kernels + program.arrays})
    assert len(program.encode()) == before


def test_every_operator_instruction_has_a_meaning() -> None:
    effects = {
        "const", "address", "alloc", "free", "copy", "jump", "jump_if", "jump_unless",
        "call", "return", "launch", "host",
        *(f"{way}.{type}" for way in ("load", "store") for type in MEMORY_TYPES),
    }  # fmt: skip
    assert set(OPCODES) - effects == set(OPERATORS)


def test_damaged_bytecode_is_refused_or_harmless_never_a_traceback() -> None:
    rng = random.Random(7)
    data = random_program(rng).encode()
    refused = 0
    for _ in range(3000):
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        if rng.random() < 0.2:
            del damaged[rng.randrange(len(damaged)) :]
        try:
            decode(bytes(damaged))
        except FleetError:
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize("size", [0, 4, 8, 23, 24, 30])
def test_truncated_bytecode_is_refused(size: int) -> None:
    data = random_program(random.Random(3)).encode()
    with pytest.raises(FleetError):
        decode(data[:size])


def test_another_version_is_named_in_the_error() -> None:
    data = bytearray(random_program(random.Random(3)).encode())
    struct.pack_into("<I", data, 8, 99)
    with pytest.raises(FleetError, match="version 99"):
        decode(bytes(data))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("  0  frobnicate r0", "unknown instruction frobnicate"),
        ("  0  move r0, #1", "not a source register"),
        ("what is this?", "not a line of a listing"),
        ("  0  move r0", "argument"),
    ],
)
def test_a_wrong_line_of_a_listing_is_named(line: str, message: str) -> None:
    head = "fleet bytecode\n\nfunction 0 main: 0 arguments, 0 results, 4 registers\n"
    with pytest.raises(FleetError, match=message) as caught:
        parse_listing(head + line + "\n")
    assert caught.value.location is None or caught.value.location.line == 4
