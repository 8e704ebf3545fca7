"""Parts of neural networks."""

import math

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def layer_norm(x, g, b, eps=1e-5):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mean) / np.sqrt(variance + eps) + b


def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def relu(x):
    return np.maximum(x, 0)


def linear(x, p):
    return x @ p["w"] + p["b"]


def attention(q, k, v, mask):
    return softmax(q @ k.T / math.sqrt(q.shape[-1]) + mask) @ v


def causal_attention(x, w, n_head):
    n, width = x.shape
    q, k, v = np.split(x @ w, 3, axis=-1)
    heads = []
    for h in range(n_head):
        part = slice(h * width // n_head, (h + 1) * width // n_head)
        mask = (1 - np.tri(n, dtype=x.dtype)) * -1e10
        heads.append(attention(q[:, part], k[:, part], v[:, part], mask))
    return np.hstack(heads)


def cross_entropy(logits, targets):
    picked = log_softmax(logits)[np.arange(len(targets)), targets]
    return -picked.mean()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_cell(x, state, params):
    h, c = state
    gates = x @ params["wx"] + h @ params["wh"] + params["b"]
    i, f, g, o = np.split(gates, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


def lstm_sequence(xs, wx, wh, b):
    h = np.zeros((wh.shape[0],), dtype=xs.dtype)
    c = np.zeros((wh.shape[0],), dtype=xs.dtype)
    for t in range(len(xs)):
        h, c = lstm_cell(xs[t], (h, c), {"wx": wx, "wh": wh, "b": b})
    return h, c


def cached_step(x, cache, position, w):
    """One token's attention over the keys and values of those before it, which are kept."""
    q, k, v = np.split(x @ w, 3)
    cache["k"][position] = k
    cache["v"][position] = v
    keys, values = cache["k"][: position + 1], cache["v"][: position + 1]
    scores = keys @ q / math.sqrt(q.shape[0])
    return softmax(scores) @ values


class Classifier:
    """Two layers with weights of their own."""

    def __init__(self, width, hidden, classes):
        rng = np.random.default_rng(7)
        self.layers = [
            {"w": rng.standard_normal((width, hidden)) / 8, "b": np.zeros(hidden)},
            {"w": rng.standard_normal((hidden, classes)) / 8, "b": np.ones(classes)},
        ]

    def forward(self, x):
        first, second = self.layers
        return linear(relu(linear(x, first)), second)

    def classify(self, x):
        scores = self.forward(x)
        return {"class": np.argmax(scores, axis=-1), "p": softmax(scores)}


model = Classifier(64, 16, 10)
print("a model of", sum(one["w"].size for one in model.layers), "weights")

ROWS = [{"rows": 3, "cols": 5}, {"rows": 1, "cols": 1}, {"rows": 6, "cols": 17}]

CASES = [
    ("softmax", ["f32[rows,cols]"], ROWS),
    ("log_softmax", ["f64[rows,cols]"], ROWS),
    ("layer_norm", ["f32[rows,cols]", "f32[cols]", "f32[cols]"], ROWS),
    ("gelu", ["f32[n]"], [{"n": 0}, {"n": 1}, {"n": 100}]),
    ("relu", ["f64[n,3]"], [{"n": 1}, {"n": 5}]),
    ("linear", ["f32[batch,8]", "{w: f32[8,4], b: f32[4]}"], [{"batch": 1}, {"batch": 7}]),
    ("attention", ["f32[n,8]", "f32[m,8]", "f32[m,d]", "f32[n,m]"],
     [{"n": 1, "m": 1, "d": 2}, {"n": 4, "m": 9, "d": 3}]),
    ("causal_attention", ["f32[n,8]", "f32[8,24]", "2"], [{"n": 1}, {"n": 6}]),
    ("cross_entropy", ["f32[n,10]", "i64[n]"],
     [{"n": 1, "targets": (0, 10)}, {"n": 8, "targets": (-10, 10)}]),
    ("lstm_cell", ["f32[batch,6]", "(f32[batch,4], f32[batch,4])",
                   "{wx: f32[6,16], wh: f32[4,16], b: f32[16]}"], [{"batch": 1}, {"batch": 3}]),
    ("lstm_sequence", ["f64[t,6]", "f64[6,16]", "f64[4,16]", "f64[16]"],
     [{"t": 0}, {"t": 1}, {"t": 5}]),
    ("cached_step", ["f32[8]", "{k: f32[ctx,8], v: f32[ctx,8]}", "i64", "f32[8,24]"],
     [{"ctx": 5, "position": 0}, {"ctx": 7, "position": 6}]),
    ("model.forward", ["f64[batch,64]"], [{"batch": 1}, {"batch": 4}]),
    ("model.classify", ["x=f64[64]"], [{}]),
]  # fmt: skip
