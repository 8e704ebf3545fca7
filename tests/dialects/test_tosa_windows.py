"""tosa's convolutions, pooling, resizing and rescaling, against the specification's own loops."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

import fleet.passes
from fleet.diagnostics import FleetError
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.types import element_type

assert fleet.passes  # registers the passes

SEEDS = range(6)


def typed(array: np.ndarray) -> str:
    return f"tensor<{'x'.join(map(str, array.shape))}x{element_type(array.dtype)}>"


def run(name: str, arrays: list[np.ndarray], attributes: str, result: np.ndarray) -> np.ndarray:
    """What an operation gives of arrays; `result` has the shape and the type to expect."""
    names = [f"%a{number}" for number in range(len(arrays))]
    types, out = [typed(array) for array in arrays], typed(result)
    listed = ", ".join(f"{n}: {t}" for n, t in zip(names, types, strict=True))
    text = f"""
      func.func @f({listed}) -> {out} {{
        %r = tosa.{name} {", ".join(names)} {{{attributes}}} : ({", ".join(types)}) -> {out}
        return %r : {out}
      }}"""
    return Interpreter(parse_module(text)).run("f", arrays)[0]


def numbers(name: str, values: list[int], element: str = "i64") -> str:
    return f"{name} = array<{element}: {', '.join(map(str, values))}>"


class Windows:
    """Random sizes, and where the windows that they give take their elements from."""

    def __init__(self, seed: int, rank: int) -> None:
        rng = random.Random(seed)
        self.window = [rng.randint(1, 3) for _ in range(rank)]
        self.stride = [rng.randint(1, 2) for _ in range(rank)]
        self.dilation = [rng.randint(1, 2) for _ in range(rank)]
        self.pad = [rng.randint(0, min(1, w - 1)) for w in self.window for _ in range(2)]
        self.sizes = [rng.randint(5, 6) for _ in range(rank)]

    def counts(self, dilation: list[int]) -> list[int]:
        return [
            (size + before + after - (width - 1) * d - 1) // step + 1
            for size, before, after, width, d, step in zip(
                self.sizes, self.pad[::2], self.pad[1::2], self.window, dilation, self.stride,
                strict=True,
            )
        ]  # fmt: skip

    def inside(self, place: tuple[int, ...], dilation: list[int]):
        """Of a window the subscripts in it, and those in the array, where there are such."""
        for k in itertools.product(*map(range, self.window)):
            at = tuple(
                p * s - before + j * d
                for p, s, before, j, d in zip(
                    place, self.stride, self.pad[::2], k, dilation, strict=True
                )
            )
            if all(0 <= a < size for a, size in zip(at, self.sizes, strict=True)):
                yield k, at


def some(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    if dtype.startswith("f"):
        return rng.integers(-8, 8, shape).astype(dtype)  # so that sums are exact in any order
    return rng.integers(-20, 20, shape).astype(dtype)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dtype", ["f4", "i1"])
@pytest.mark.parametrize("name", ["conv2d", "conv3d", "depthwise_conv2d"])
def test_convolutions(name: str, dtype: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rank = 3 if name == "conv3d" else 2
    w = Windows(seed, rank)
    deep = name == "depthwise_conv2d"
    array = some(rng, (2, *w.sizes, 3), dtype)
    weight = some(rng, (*w.window, 3, 2) if deep else (4, *w.window, 3), dtype)
    total = np.int32 if dtype == "i1" else np.float32
    bias = some(rng, (6 if deep else 4,), "i4" if dtype == "i1" else dtype)
    zero = (3, -2) if dtype == "i1" else (0, 0)
    counts = w.counts(w.dilation)
    expected = np.zeros((2, *counts, bias.size), total)
    for place in itertools.product(range(2), *map(range, counts), range(bias.size)):
        n, *at, o = place
        expected[place] = bias[o]
        for k, source in w.inside(tuple(at), w.dilation):
            for c in [o // 2] if deep else range(3):
                factor = weight[(*k, c, o % 2)] if deep else weight[(o, *k, c)]
                element = int(array[(n, *source, c)]) - zero[0]
                expected[place] += element * (int(factor) - zero[1])
    given = {"pad": w.pad, "stride": w.stride, "dilation": w.dilation}
    attributes = [numbers(name, values) for name, values in given.items()]
    if dtype == "i1":
        attributes.append(
            f"quantization_info = #tosa.conv_quant<input_zp = {zero[0]}, weight_zp = {zero[1]}>"
        )
    got = run(name, [array, weight, bias], ", ".join(attributes), expected)
    assert np.array_equal(got, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_transposed_convolution_is_the_transpose_of_a_convolution(seed: int) -> None:
    rng = np.random.default_rng(seed)
    w = Windows(seed, 2)
    array = some(rng, (2, *w.sizes, 3), "f4")
    weight = some(rng, (4, *w.window, 3), "f4")
    bias = some(rng, (4,), "f4")
    pad = [random.Random(seed).randint(-1, 2) for _ in range(4)]
    sizes = [(s - 1) * t + k + a + b for s, t, k, a, b in zip(
        w.sizes, w.stride, w.window, pad[::2], pad[1::2], strict=True)]  # fmt: skip
    expected = np.zeros((2, *sizes, 4), np.float32) + bias
    for i, j, k, m in itertools.product(*map(range, w.sizes), *map(range, w.window)):
        y, x = i * w.stride[0] + k + pad[0], j * w.stride[1] + m + pad[2]
        if 0 <= y < sizes[0] and 0 <= x < sizes[1]:
            expected[:, y, x] += array[:, i, j] @ weight[:, k, m].T
    attributes = ", ".join([
        numbers("out_pad", pad), numbers("stride", w.stride), numbers("out_shape", [2, *sizes, 4]),
    ])  # fmt: skip
    got = run("transpose_conv2d", [array, weight, bias], attributes, expected)
    assert np.array_equal(got, expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dtype", ["f4", "i1"])
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_pooling(name: str, dtype: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    w = Windows(seed, 2)
    array = some(rng, (2, *w.sizes, 3), dtype)
    counts = w.counts([1, 1])
    expected = np.zeros((2, *counts, 3), array.dtype)
    zero = (2, 5) if dtype == "i1" and name == "avg_pool2d" else (0, 0)
    for n, y, x, c in itertools.product(range(2), *map(range, counts), range(3)):
        taken = [array[(n, *at, c)] for _, at in w.inside((y, x), [1, 1])]
        if name == "max_pool2d":
            expected[n, y, x, c] = max(taken)
        elif dtype == "f4":
            expected[n, y, x, c] = sum(map(float, taken)) / len(taken)
        else:  # the specification's reciprocal is a little too large: halves go away from zero
            total = sum(int(t) - zero[0] for t in taken)
            nearest = math.floor(abs(total) / len(taken) + 0.5)
            expected[n, y, x, c] = int(math.copysign(nearest, total)) + zero[1]
    attributes = [numbers("kernel", w.window), numbers("stride", w.stride), numbers("pad", w.pad)]
    if name == "avg_pool2d":
        attributes.append(f"acc_type = {'f32' if dtype == 'f4' else 'i32'}")
    if zero[1]:
        attributes.append(
            f"quantization_info = #tosa.unary_quant<input_zp = {zero[0]}, output_zp = {zero[1]}>"
        )
    assert np.array_equal(run(name, [array], ", ".join(attributes), expected), expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", ["BILINEAR", "NEAREST_NEIGHBOR"])
@pytest.mark.parametrize("dtype", ["f4", "i1"])
def test_resizing(mode: str, dtype: str, seed: int) -> None:
    rng, choice = np.random.default_rng(seed), random.Random(seed)
    array = some(rng, (1, 4, 5, 2), dtype)
    scale = [choice.randint(1, 4) for _ in range(4)]
    offset, border = ([choice.randint(-1, 1) for _ in range(2)] for _ in range(2))
    sizes = [
        ((size - 1) * n - o + b) // d + 1
        for size, n, d, o, b in zip((4, 5), scale[::2], scale[1::2], offset, border, strict=True)
    ]
    integers = dtype == "i1" and mode == "BILINEAR"
    expected = np.zeros((1, *sizes, 2), np.int32 if integers else array.dtype)
    for oy, ox in itertools.product(*map(range, sizes)):
        y, x = oy * scale[1] + offset[0], ox * scale[3] + offset[1]
        iy, ix = y // scale[0], x // scale[2]
        ry, rx = y - iy * scale[0], x - ix * scale[2]
        ys, xs = ([min(max(i + k, 0), last) for k in (0, 1)] for i, last in ((iy, 3), (ix, 4)))
        if mode == "NEAREST_NEIGHBOR":
            expected[0, oy, ox] = array[0, ys[2 * ry >= scale[0]], xs[2 * rx >= scale[2]]]
            continue
        one = (scale[0], scale[2]) if integers else (1, 1)
        fy, fx = (ry, rx) if integers else (ry / scale[0], rx / scale[2])
        wide = array[0].astype(np.int64 if integers else np.float64)
        top = wide[ys[0], xs[0]] * (one[1] - fx) + wide[ys[0], xs[1]] * fx
        low = wide[ys[1], xs[0]] * (one[1] - fx) + wide[ys[1], xs[1]] * fx
        expected[0, oy, ox] = top * (one[0] - fy) + low * fy
    attributes = ", ".join([
        numbers("scale", scale), numbers("offset", offset), numbers("border", border),
        f'mode = "{mode}"',
    ])  # fmt: skip
    got = run("resize", [array], attributes, expected)
    assert np.allclose(got, expected, rtol=1e-6, atol=1e-6)
    assert got.dtype == expected.dtype


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("twice", [False, True])
def test_rescaling_rounds_and_saturates(seed: int, twice: bool) -> None:
    rng = np.random.default_rng(seed)
    array = rng.integers(-(2**31), 2**31, (5, 3)).astype(np.int32)
    factors, shifts = [int(n) for n in rng.integers(2**30, 2**31, 3)], [33, 52, 61]
    expected = np.zeros((5, 3), np.int8)
    for (i, c), number in np.ndenumerate(array):
        exact = int(number) * factors[c]
        half = 1 << (shifts[c] - 1)
        if twice:
            half += (1 << 30) * (1 if number >= 0 else -1)
        expected[i, c] = min(max(((exact + half) >> shifts[c]) - 7, -128), 127)
    attributes = ", ".join([
        "input_zp = 0 : i32, output_zp = -7 : i32, scale32 = true, per_channel = true",
        f"double_round = {str(twice).lower()}", numbers("multiplier", factors, "i32"),
        numbers("shift", shifts, "i8"),
    ])  # fmt: skip
    assert np.array_equal(run("rescale", [array], attributes, expected), expected)


def test_windows_that_give_another_shape_than_the_type_says_are_an_error() -> None:
    array, weight = np.zeros((1, 5, 5, 2), "f4"), np.zeros((3, 2, 2, 2), "f4")
    attributes = ", ".join([
        numbers("pad", [0] * 4), numbers("stride", [1, 1]), numbers("dilation", [1, 1]),
    ])  # fmt: skip
    with pytest.raises(FleetError, match=r"the windows give the shape \(1, 4, 4, 3\)"):
        run("conv2d", [array, weight, np.zeros(3, "f4")], attributes, np.zeros((1, 5, 5, 3), "f4"))


@pytest.mark.parametrize("seed", SEEDS)
def test_linalg_computes_the_same_windows(seed: int) -> None:
    """linalg's names are read by their letters; tosa's operations were compared above."""
    rng = np.random.default_rng(seed)
    w = Windows(seed, 2)
    w.pad = [0] * 4
    array = some(rng, (2, *w.sizes, 3), "f4")
    weight = some(rng, (4, *w.window, 3), "f4")
    out = np.zeros((2, *w.counts(w.dilation), 4), "f4")
    attributes = ", ".join(
        numbers(name, getattr(w, name)) for name in ("pad", "stride", "dilation")
    )
    expected = run("conv2d", [array, weight, np.zeros(4, "f4")], attributes, out)
    orders = {
        "nhwc_fhwc": ("nhwc", "fhwc", "nhwc"), "nhwc_hwcf": ("nhwc", "hwcf", "nhwc"),
        "nchw_fchw": ("nchw", "fchw", "nchw"),
    }  # fmt: skip
    window = ", ".join(
        f"{name} = dense<[{', '.join(map(str, values))}]> : tensor<2xi64>"
        for name, values in (("strides", w.stride), ("dilations", w.dilation))
    )
    for name, letters in orders.items():
        laid = [
            np.transpose(a, [of.index(letter) for letter in order])
            for a, of, order in zip(
                (array, weight, out), ("nhwc", "fhwc", "nhwc"), letters, strict=True
            )
        ]
        got = linalg(f"conv_2d_{name}", laid, window)
        back = [letters[2].index(letter) for letter in "nhwc"]
        assert np.array_equal(np.transpose(got, back), expected)


def linalg(name: str, arrays: list[np.ndarray], attributes: str) -> np.ndarray:
    types = [typed(array) for array in arrays]
    text = f"""
      func.func @f(%a: {types[0]}, %w: {types[1]}, %o: {types[2]}) -> {types[2]} {{
        %r = linalg.{name} {{{attributes}}} ins(%a, %w : {types[0]}, {types[1]})
          outs(%o : {types[2]}) -> {types[2]}
        return %r : {types[2]}
      }}"""
    return Interpreter(parse_module(text)).run("f", arrays)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_linalg_pools_the_same_windows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    w = Windows(seed, 2)
    w.pad = [0] * 4
    array = some(rng, (2, *w.sizes, 3), "f4")
    least = np.full((2, *w.counts([1, 1]), 3), -np.inf, "f4")
    given = {"kernel": w.window, "stride": w.stride, "pad": w.pad}
    attributes = ", ".join(numbers(name, values) for name, values in given.items())
    expected = run("max_pool2d", [array], attributes, least)
    strides = f"strides = dense<[{w.stride[0]}, {w.stride[1]}]> : tensor<2xi64>"
    window = np.zeros(w.window, "f4")
    assert np.array_equal(linalg("pooling_nhwc_max", [array, window, least], strides), expected)
    total = linalg("pooling_nhwc_sum", [array, window, np.zeros_like(least)], strides)
    mean = run("avg_pool2d", [array], f"{attributes}, acc_type = f32", least)
    assert np.allclose(total / window.size, mean)
