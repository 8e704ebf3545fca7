"""GPT-2's numpy-stage IR, as the front end would emit it, with random weights of any size."""

from __future__ import annotations

import math

import numpy as np
import tracing as t
from tracing import Array, traced

from fleet.ir.core import Operation
from fleet.ir.types import TensorType, i64


@traced
def gelu(x: Array) -> Array:
    return 0.5 * x * (1 + t.unary("tanh", math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@traced
def softmax(x: Array) -> Array:
    exp_x = t.unary("exp", x - t.reduce("max", x, -1, keepdims=True))
    return exp_x / t.reduce("sum", exp_x, -1, keepdims=True)


def mean(x: Array) -> Array:
    return t.reduce("sum", x, -1, keepdims=True) / float(x.shape[-1])


@traced
def layer_norm(x: Array, g: Array, b: Array) -> Array:
    centred = x - mean(x)
    variance = mean(centred * centred)
    return g * (x - mean(x)) / t.unary("sqrt", variance + 1e-5) + b


@traced
def linear(x: Array, w: Array, b: Array) -> Array:
    return x @ w + b


@traced
def ffn(x: Array, c_fc: dict, c_proj: dict) -> Array:
    return linear(gelu(linear(x, **c_fc)), **c_proj)


@traced
def attention(q: Array, k: Array, v: Array, mask: Array) -> Array:
    return softmax(q @ k.T / math.sqrt(q.shape[-1]) + mask) @ v


@traced
def mha(x: Array, c_attn: dict, c_proj: dict, n_head: int) -> Array:
    x = linear(x, **c_attn)
    width = x.shape[-1] // 3 // n_head
    parts = [
        [x[:, start * width * n_head + h * width :][:, :width] for h in range(n_head)]
        for start in range(3)
    ]
    n = x.size(0)
    i = t.reshape(t.arange(n), [n, 1])
    j = t.reshape(t.arange(n), [1, n])
    mask = (1 - (i >= j).astype(np.float32)) * -1e10
    heads = [attention(q, k, v, mask) for q, k, v in zip(*parts, strict=True)]
    return linear(t.concatenate(heads, -1), **c_proj)


@traced
def transformer_block(
    x: Array, mlp: dict, attn: dict, ln_1: dict, ln_2: dict, n_head: int
) -> Array:
    x = x + mha(layer_norm(x, **ln_1), **attn, n_head=n_head)
    return x + ffn(layer_norm(x, **ln_2), **mlp)


@traced
def gpt2(inputs: Array, wte: Array, wpe: Array, blocks: list, ln_f: dict, n_head: int) -> Array:
    x = t.take(wte, inputs) + t.take(wpe, t.arange(inputs.size(0)))
    for block in blocks:
        x = transformer_block(x, **block, n_head=n_head)
    return layer_norm(x, **ln_f) @ wte.T


def weights(layers: int, width: int = 16, vocabulary: int = 32, context: int = 24) -> dict:
    """Random parameters as NumPy arrays in the model's nesting."""
    rng = np.random.default_rng(layers)

    def array(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) * 0.3).astype(np.float32)

    def dense(m: int, n: int) -> dict:
        return {"w": array(m, n), "b": array(n)}

    def norm() -> dict:
        return {"g": array(width), "b": array(width)}

    block = lambda: {  # noqa: E731
        "mlp": {"c_fc": dense(width, 4 * width), "c_proj": dense(4 * width, width)},
        "attn": {"c_attn": dense(width, 3 * width), "c_proj": dense(width, width)},
        "ln_1": norm(), "ln_2": norm(),
    }  # fmt: skip
    return {
        "wte": array(vocabulary, width), "wpe": array(context, width),
        "blocks": [block() for _ in range(layers)], "ln_f": norm(),
    }  # fmt: skip


def _constants(tree: object) -> object:
    if isinstance(tree, dict):
        return {name: _constants(item) for name, item in tree.items()}
    if isinstance(tree, list):
        return [_constants(item) for item in tree]
    return t.constant(tree)


def module(layers: int, n_head: int = 4) -> Operation:
    """`@main(inputs: tensor<?xi64>) -> logits`."""
    parameters = weights(layers)

    def main(inputs: Array) -> Array:
        return gpt2(inputs, **_constants(parameters), n_head=n_head)

    return t.module_of(main, [TensorType((None,), i64)])
