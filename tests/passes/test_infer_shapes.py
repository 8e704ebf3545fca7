"""`infer-shapes` on IR that others wrote, where casts hide what is known of sizes."""

from __future__ import annotations

import random

import numpy as np
import pytest

import fleet.passes  # noqa: F401 - registers the passes
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PassManager

TYPES = ("tensor<4x3xf32>", "tensor<?x3xf32>", "tensor<4x?xf32>", "tensor<?x?xf32>")
MASKS = {type: type.replace("f32", "i1") for type in TYPES}


def program(seed: int) -> str:
    """Elementwise operations on arrays of one shape, of which each value's type says another part;
    all values are returned."""
    rng = random.Random(seed)
    values = [(f"%a{n}", type) for n, type in enumerate(TYPES)]
    lines: list[str] = []

    def make(text: str, type: str) -> str:
        lines.append(f"%v{len(lines)} = {text}")
        return f"%v{len(lines) - 1}"

    def of(type: str) -> str:
        """A value of this type, cast where it has to be."""
        name, has = rng.choice(values)
        return name if has == type else make(f"tensor.cast {name} : {has} to {type}", type)

    for _ in range(12):
        type = rng.choice(TYPES)
        a, b = of(type), of(type)
        match rng.randrange(3):
            case 0:
                name = rng.choice(("addf", "subf", "maxnumf"))
                made = make(f"arith.{name} {a}, {b} : {type}", type)
            case 1:
                made = make(f"math.absf {a} : {type}", type)
            case _:
                mask = make(f"arith.cmpf olt, {a}, {b} : {type}", MASKS[type])
                made = make(f"arith.select {mask}, {b}, {a} : {MASKS[type]}, {type}", type)
        values.append((made, type))
    names, types = (", ".join(column) for column in zip(*values, strict=True))
    arguments = ", ".join(f"%a{n}: {type}" for n, type in enumerate(TYPES))
    body = "\n  ".join(lines)
    return f"func.func @main({arguments}) -> ({types}) {{\n  {body}\n  return {names} : {types}\n}}"


@pytest.mark.parametrize("seed", range(12))
def test_casts_that_hide_sizes_are_seen_through(seed: int) -> None:
    text = program(seed)
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal((4, 3)).astype(np.float32) for _ in TYPES]
    expected = Interpreter(parse_module(text)).run("main", arrays)
    module = parse_module(text)
    for pipeline in ("infer-shapes", "canonicalize,cse,infer-shapes,canonicalize"):
        PassManager(pipeline).run(module)
        got = Interpreter(module).run("main", arrays)
        assert all(map(np.array_equal, expected, got)), pipeline
    computed = [op for op in module.walk() if op.name.startswith(("arith.", "math."))]
    known = [op for op in computed if op.result.type.is_static]
    assert known and any(op.name == "tensor.cast" for op in module.walk())
