"""tensor.pack and unpack: element by element, there and back, and what they refuse."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PassManager

assert fleet.passes  # registers the passes


class Tiling:
    """A random array's sizes and how it is cut."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        rank = rng.randint(1, 3)
        self.shape = tuple(rng.randint(1, 7) for _ in range(rank))
        self.places = rng.sample(range(rank), rng.randint(1, rank))
        self.tiles = [rng.randint(1, 4) for _ in self.places]
        self.order = rng.sample(range(rank), rank)
        self.dynamic = [rng.random() < 0.5 for _ in self.places]
        self.array = np.random.default_rng(seed).normal(size=self.shape).astype(np.float32)

    @property
    def by_axis(self) -> dict[int, int]:
        return dict(zip(self.places, self.tiles, strict=True))

    @property
    def packed(self) -> tuple[int, ...]:
        outer = [-(-self.shape[axis] // self.by_axis.get(axis, 1)) for axis in self.order]
        return (*outer, *self.tiles)

    def text(self) -> str:
        """How the operations say it; the tiles that are operands are %t0, %t1, …"""
        tiles = [f"%t{n}" if d else t for n, (d, t) in enumerate(
            zip(self.dynamic, self.tiles, strict=True))]  # fmt: skip
        return (
            f"outer_dims_perm = {self.order} inner_dims_pos = {self.places}"
            f" inner_tiles = [{', '.join(map(str, tiles))}]"
        )

    def type(self, shape: tuple[int, ...]) -> str:
        """Of a packed array: what is not known is `?`."""
        first = len(shape) - len(self.tiles)
        shown = [
            "?" if n >= first and self.dynamic[n - first] else size for n, size in enumerate(shape)
        ]
        return f"tensor<{'x'.join(map(str, shown))}xf32>"


def plain(shape: tuple[int, ...]) -> str:
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


def run(t: Tiling, body: str, result: str, *arrays: np.ndarray) -> np.ndarray:
    text = f"""
      func.func @f(%a: {plain(t.shape)}, %q: {t.type(t.packed)}, %d: {plain(t.shape)},
                   %t0: index, %t1: index, %t2: index, %p: f32) -> {result} {{
        {body}
        return %r : {result}
      }}"""
    module = parse_module(text)
    numbers = [*t.tiles, 1, 1][:3]
    before = Interpreter(module).run("f", [*arrays, *numbers, np.float32(2.5)])[0]
    PassManager("canonicalize,cse").run(module)
    after = Interpreter(module).run("f", [*arrays, *numbers, np.float32(2.5)])[0]
    assert np.array_equal(before, after)
    return before


@pytest.mark.parametrize("seed", range(25))
def test_every_element_is_where_its_tile_is(seed: int) -> None:
    t = Tiling(seed)
    kind = t.type(t.packed)
    how = f"{t.text()} into %q : {plain(t.shape)} -> {kind}"
    body = f"%r = tensor.pack %a padding_value(%p : f32) {how}"
    empty = np.zeros(t.packed, np.float32)
    got = run(t, body, kind, t.array, empty, t.array)
    rank = len(t.shape)
    for place in itertools.product(*map(range, t.packed)):
        outer, inner = place[:rank], dict(zip(t.places, place[rank:], strict=True))
        at = [0] * rank
        for axis, number in zip(t.order, outer, strict=True):
            at[axis] = number * t.by_axis.get(axis, 1) + inner.get(axis, 0)
        inside = all(i < size for i, size in zip(at, t.shape, strict=True))
        assert got[place] == (t.array[tuple(at)] if inside else np.float32(2.5))
    back = f"%r = tensor.unpack %q {t.text()} into %d : {kind} -> {plain(t.shape)}"
    again = run(t, back, plain(t.shape), t.array, got, np.zeros_like(t.array))
    assert np.array_equal(again, t.array)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(FleetError, match="cuts 9 elements into tiles of 4, and has no padding"):
        parse_module("""
          func.func @f(%a: tensor<9xf32>, %d: tensor<3x4xf32>) -> tensor<3x4xf32> {
            %r = tensor.pack %a inner_dims_pos = [0] inner_tiles = [4] into %d
              : tensor<9xf32> -> tensor<3x4xf32>
            return %r : tensor<3x4xf32>
          }""")
    module = parse_module("""
      func.func @f(%a: tensor<?xf32>, %d: tensor<?x4xf32>) -> tensor<?x4xf32> {
        %r = tensor.pack %a inner_dims_pos = [0] inner_tiles = [4] into %d
          : tensor<?xf32> -> tensor<?x4xf32>
        return %r : tensor<?x4xf32>
      }""")
    with pytest.raises(FleetError, match=r"packs an array of shape \(9,\) to one of \(3, 4\)"):
        Interpreter(module).run("f", [np.zeros(9, "f4"), np.zeros((3, 4), "f4")])
