"""A small GPT-2 with weights of its own: the whole pass, and a step that keeps what it saw."""

import math

import numpy as np

WIDTH, HEADS, LAYERS, CONTEXT, VOCABULARY = 16, 2, 2, 12, 20
rng = np.random.default_rng(1)


def drawn(*shape):
    return (rng.standard_normal(shape) * 0.2).astype(np.float32)


def linear_params(inputs, outputs):
    return {"w": drawn(inputs, outputs), "b": drawn(outputs)}


def norm_params():
    return {"g": 1 + drawn(WIDTH), "b": drawn(WIDTH)}


blocks = [
    {
        "mlp": {"c_fc": linear_params(WIDTH, 4 * WIDTH), "c_proj": linear_params(4 * WIDTH, WIDTH)},
        "attn": {"c_attn": linear_params(WIDTH, 3 * WIDTH), "c_proj": linear_params(WIDTH, WIDTH)},
        "ln_1": norm_params(),
        "ln_2": norm_params(),
    }
    for _ in range(LAYERS)
]
wte, wpe, ln_f = drawn(VOCABULARY, WIDTH), drawn(CONTEXT, WIDTH), norm_params()


def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def layer_norm(x, g, b, eps=1e-5):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mean) / np.sqrt(variance + eps) + b


def linear(x, w, b):
    return x @ w + b


def ffn(x, c_fc, c_proj):
    return linear(gelu(linear(x, **c_fc)), **c_proj)


def attention(q, k, v, mask):
    return softmax(q @ k.T / math.sqrt(q.shape[-1]) + mask) @ v


def mha(x, c_attn, c_proj):
    parts = np.split(linear(x, **c_attn), 3, axis=-1)
    heads = zip(*[np.split(part, HEADS, axis=-1) for part in parts], strict=True)
    mask = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10
    return linear(np.hstack([attention(q, k, v, mask) for q, k, v in heads]), **c_proj)


def transformer_block(x, mlp, attn, ln_1, ln_2):
    x = x + mha(layer_norm(x, **ln_1), **attn)
    return x + ffn(layer_norm(x, **ln_2), **mlp)


def forward(ids):
    x = wte[ids] + wpe[: len(ids)]
    for block in blocks:
        x = transformer_block(x, **block)
    return layer_norm(x, **ln_f) @ wte.T


def step(token, position, keys, values):
    """The logits for what follows one token; keys, values: [layer, context, width], written to."""
    x = wte[token] + wpe[position]
    for layer, block in enumerate(blocks):
        q, k, v = np.split(linear(layer_norm(x, **block["ln_1"]), **block["attn"]["c_attn"]), 3)
        keys[layer, position] = k
        values[layer, position] = v
        seen = np.arange(CONTEXT) <= position
        heads = []
        for h in range(HEADS):
            part = slice(h * WIDTH // HEADS, (h + 1) * WIDTH // HEADS)
            scores = keys[layer, :, part] @ q[part] / math.sqrt(WIDTH // HEADS)
            weights = softmax(np.where(seen, scores, np.float32(-1e10)))
            heads.append(weights @ values[layer, :, part])
        x = x + linear(np.hstack(heads), **block["attn"]["c_proj"])
        x = x + ffn(layer_norm(x, **block["ln_2"]), **block["mlp"])
    return layer_norm(x, **ln_f) @ wte.T


def generate(ids, count):
    """So many tokens at the end become the likeliest ones, each after those before it."""
    known = len(ids) - count
    for at in range(known, len(ids)):
        ids[at] = np.argmax(forward(ids[:at])[-1])
    return ids


CACHE = ["f32[2,12,16]", "f32[2,12,16]"]

CASES = [
    ("forward", ["i64[seq]"], [{"seq": 1, "ids": (0, 20)}, {"seq": 9, "ids": (0, 20)}]),
    ("step", ["i64", "i64", *CACHE], [{"token": 3, "position": 0}, {"token": 19, "position": 11}]),
    ("generate", ["i64[n]", "i64"], [{"n": 5, "ids": (0, 20), "count": 3}]),
]
