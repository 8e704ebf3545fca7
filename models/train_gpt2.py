"""Trains the GPT-2 of gpt2.py to recite the Zen of Python, and writes gpt2.npz.

    python models/train_gpt2.py [--steps N] [--out FILE]

In: the text of the module `this`, as bytes. Out: float32 arrays under flat names such as
"blocks.0.attn.c_attn.w". NumPy alone, a few minutes on one core, one fixed seed.

The one idea: every layer is a function that returns its result together with the function that
takes the gradient of the result back to the gradient of its input, and that adds to `gradients`
what belongs to its parameters. The chain rule is then the same calls in the opposite order.
The optimiser is Adam (Kingma and Ba, 2015).

Shapes: b sequences in a batch, t tokens in a sequence, e = n_embd, h = n_head, v = n_vocab.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import importlib
import io
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]
Backward = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Config:
    n_vocab: int = 256
    n_ctx: int = 256
    n_embd: int = 64
    n_head: int = 4
    n_layer: int = 2


@dataclass(frozen=True)
class Schedule:
    steps: int = 1500
    batch: int = 8
    warm_up: int = 100
    learning_rate: float = 3e-3
    max_norm: float = 1.0

    def rate(self, step: int) -> float:
        """A linear rise over the warm-up, then half a cosine down to zero."""
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def zen() -> bytes:
    """The Zen of Python. The module prints it when imported, and keeps it in rot13."""
    with contextlib.redirect_stdout(io.StringIO()):
        this = importlib.import_module("this")
    return (codecs.decode(this.s, "rot13") + "\n").encode()


def initial_parameters(config: Config, rng: np.random.Generator) -> Arrays:
    """GPT-2's initial values: normal, 0.02 wide, and narrower where residual branches end."""
    e = config.n_embd
    parameters: Arrays = {}

    def normal(name: str, *shape: int, scale: float = 0.02) -> None:
        parameters[name] = rng.normal(0, scale, shape).astype(np.float32)

    def linear_layer(name: str, n_in: int, n_out: int, scale: float = 0.02) -> None:
        normal(f"{name}.w", n_in, n_out, scale=scale)
        parameters[f"{name}.b"] = np.zeros(n_out, np.float32)

    def norm_layer(name: str) -> None:
        parameters[f"{name}.g"] = np.ones(e, np.float32)
        parameters[f"{name}.b"] = np.zeros(e, np.float32)

    normal("wte", config.n_vocab, e)
    normal("wpe", config.n_ctx, e)
    residual = 0.02 / math.sqrt(2 * config.n_layer)
    for i in range(config.n_layer):
        block = f"blocks.{i}"
        norm_layer(f"{block}.ln_1")
        linear_layer(f"{block}.attn.c_attn", e, 3 * e)
        linear_layer(f"{block}.attn.c_proj", e, e, residual)
        norm_layer(f"{block}.ln_2")
        linear_layer(f"{block}.mlp.c_fc", e, 4 * e)
        linear_layer(f"{block}.mlp.c_proj", 4 * e, e, residual)
    norm_layer("ln_f")
    return parameters


class Model:
    """The forward and the backward pass over one set of parameters, which may be of any float type.

    `gradients` has the same names and shapes, and holds the sum over the calls of `backward`s.
    """

    def __init__(self, parameters: Arrays, n_head: int) -> None:
        self.parameters = parameters
        self.gradients = {name: np.zeros_like(array) for name, array in parameters.items()}
        self.n_head = n_head
        self.n_layer = sum(name.endswith("ln_1.g") for name in parameters)

    def loss(self, tokens: np.ndarray) -> tuple[float, Callable[[], None]]:
        """The mean cross-entropy, in nats, of predicting tokens[:, 1:] from tokens[:, :-1]."""
        targets = tokens[:, 1:]
        logits, backward_logits = self.logits(tokens[:, :-1])
        shifted = logits - logits.max(axis=-1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        where = (*np.indices(targets.shape), targets)

        def backward() -> None:
            dlogits = np.exp(log_p)
            dlogits[where] -= 1
            backward_logits(dlogits / targets.size)

        return float(-log_p[where].mean()), backward

    def logits(self, inputs: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], None]]:
        """[b, t] token ids -> [b, t, v]."""
        wte, wpe = self.parameters["wte"], self.parameters["wpe"]
        length = inputs.shape[1]
        x = wte[inputs] + wpe[:length]
        backwards = []
        for i in range(self.n_layer):
            for branch in (self.attention_branch, self.mlp_branch):
                y, backward_branch = branch(x, f"blocks.{i}")
                x = x + y
                backwards.append(backward_branch)
        x, backward_norm = self.layer_norm(x, "ln_f")

        def backward(dlogits: np.ndarray) -> None:
            self.gradients["wte"] += rows(dlogits).T @ rows(x)
            dx = backward_norm(dlogits @ wte)
            for backward_branch in reversed(backwards):
                dx = dx + backward_branch(dx)
            np.add.at(self.gradients["wte"], inputs, dx)
            self.gradients["wpe"][:length] += dx.sum(axis=0)

        return x @ wte.T, backward

    def attention_branch(self, x: np.ndarray, block: str) -> tuple[np.ndarray, Backward]:
        x, backward_norm = self.layer_norm(x, f"{block}.ln_1")
        qkv, backward_qkv = self.linear(x, f"{block}.attn.c_attn")
        heads, backward_heads = attention(qkv, self.n_head)
        y, backward_proj = self.linear(heads, f"{block}.attn.c_proj")
        return y, lambda dy: backward_norm(backward_qkv(backward_heads(backward_proj(dy))))

    def mlp_branch(self, x: np.ndarray, block: str) -> tuple[np.ndarray, Backward]:
        x, backward_norm = self.layer_norm(x, f"{block}.ln_2")
        hidden, backward_fc = self.linear(x, f"{block}.mlp.c_fc")
        active, backward_gelu = gelu(hidden)
        y, backward_proj = self.linear(active, f"{block}.mlp.c_proj")
        return y, lambda dy: backward_norm(backward_fc(backward_gelu(backward_proj(dy))))

    def linear(self, x: np.ndarray, name: str) -> tuple[np.ndarray, Backward]:
        w = self.parameters[f"{name}.w"]

        def backward(dy: np.ndarray) -> np.ndarray:
            self.gradients[f"{name}.w"] += rows(x).T @ rows(dy)
            self.gradients[f"{name}.b"] += rows(dy).sum(axis=0)
            return dy @ w.T

        return x @ w + self.parameters[f"{name}.b"], backward

    def layer_norm(
        self, x: np.ndarray, name: str, eps: float = 1e-5
    ) -> tuple[np.ndarray, Backward]:
        g = self.parameters[f"{name}.g"]
        centred = x - x.mean(axis=-1, keepdims=True)
        inverse = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + eps)
        normal = centred * inverse

        def backward(dy: np.ndarray) -> np.ndarray:
            self.gradients[f"{name}.g"] += rows(dy * normal).sum(axis=0)
            self.gradients[f"{name}.b"] += rows(dy).sum(axis=0)
            dn = dy * g
            along = (dn * normal).mean(axis=-1, keepdims=True)
            return inverse * (dn - dn.mean(axis=-1, keepdims=True) - normal * along)

        return g * normal + self.parameters[f"{name}.b"], backward


def attention(qkv: np.ndarray, n_head: int) -> tuple[np.ndarray, Backward]:
    """Causal attention of all heads at once, [b, t, 3e] -> [b, t, e]."""
    b, t, e = *qkv.shape[:2], qkv.shape[2] // 3
    shape = (b, t, 3, n_head, e // n_head)
    q, k, v = qkv.reshape(shape).transpose(2, 0, 3, 1, 4)  # each [b, h, t, e / h]
    scale = 1 / math.sqrt(e // n_head)
    future = np.triu(np.full((t, t), -1e10, qkv.dtype), 1)
    scores = q @ k.swapaxes(-1, -2) * scale + future
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = exp / exp.sum(axis=-1, keepdims=True)  # [b, h, t, t]

    def backward(dy: np.ndarray) -> np.ndarray:
        dout = dy.reshape(b, t, n_head, e // n_head).transpose(0, 2, 1, 3)
        dp = dout @ v.swapaxes(-1, -2)
        dscores = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) * scale
        dqkv = np.stack([dscores @ k, dscores.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ dout])
        return dqkv.transpose(1, 3, 0, 2, 4).reshape(qkv.shape)

    return (p @ v).transpose(0, 2, 1, 3).reshape(b, t, e), backward


def gelu(x: np.ndarray) -> tuple[np.ndarray, Backward]:
    c = math.sqrt(2 / math.pi)
    square = x * x
    tanh = np.tanh(c * x * (1 + 0.044715 * square))

    def backward(dy: np.ndarray) -> np.ndarray:
        inner = c * (1 + 3 * 0.044715 * square)
        return dy * 0.5 * (1 + tanh + x * (1 - tanh * tanh) * inner)

    return 0.5 * x * (1 + tanh), backward


def rows(x: np.ndarray) -> np.ndarray:
    """[..., n] -> [m, n]."""
    return x.reshape(-1, x.shape[-1])


class Adam:
    """One step moves every parameter against its gradient, which is first clipped by its norm."""

    def __init__(self, model: Model, max_norm: float, betas: tuple[float, float] = (0.9, 0.99)):
        self.model = model
        self.max_norm = max_norm
        self.betas = betas
        self.means = {name: np.zeros_like(array) for name, array in model.parameters.items()}
        self.squares = {name: np.zeros_like(array) for name, array in model.parameters.items()}
        self.steps = 0

    def step(self, rate: float) -> None:
        self.steps += 1
        gradients = self.model.gradients
        norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values()))
        clip = min(1.0, self.max_norm / (norm + 1e-12))
        beta_1, beta_2 = self.betas
        for name, parameter in self.model.parameters.items():
            gradient = gradients[name] * clip
            mean, square = self.means[name], self.squares[name]
            mean += (1 - beta_1) * (gradient - mean)
            square += (1 - beta_2) * (gradient * gradient - square)
            mean_hat = mean / (1 - beta_1**self.steps)
            square_hat = square / (1 - beta_2**self.steps)
            parameter -= rate * mean_hat / (np.sqrt(square_hat) + 1e-8)
            gradients[name][...] = 0


def windows(text: bytes, length: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` stretches of the text, [count, length], from random starts; its end meets its start.

    A prompt stands at position 0 wherever in the text it comes from, so the model must know every
    part of the text at every position.
    """
    starts = rng.integers(len(text), size=(count, 1))
    return np.frombuffer(text, np.uint8)[(starts + np.arange(length)) % len(text)]


def train(
    config: Config, schedule: Schedule, text: bytes, seed: int = 0
) -> tuple[Arrays, list[float]]:
    """The trained parameters and the loss at every step. Progress goes to a terminal alone."""
    rng = np.random.default_rng(seed)
    model = Model(initial_parameters(config, rng), config.n_head)
    adam = Adam(model, schedule.max_norm)
    losses = []
    began = time.perf_counter()
    for step in range(schedule.steps):
        loss, backward = model.loss(windows(text, config.n_ctx + 1, schedule.batch, rng))
        backward()
        adam.step(schedule.rate(step))
        losses.append(loss)
        if sys.stderr.isatty():
            seconds = time.perf_counter() - began
            progress = f"step {step + 1}/{schedule.steps}  loss {loss:.4f}  {seconds:.0f} s"
            print(f"\r{progress}  ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return model.parameters, losses


def main() -> None:
    options = argparse.ArgumentParser(description="Train gpt2.py to recite the Zen of Python.")
    options.add_argument("--steps", type=int, default=Schedule.steps)
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("gpt2.npz"))
    chosen = options.parse_args()
    began = time.perf_counter()
    parameters, losses = train(Config(), Schedule(steps=chosen.steps), zen())
    np.savez(chosen.out, **parameters)
    seconds = time.perf_counter() - began
    mean = float(np.mean(losses[-20:]))
    print(f"{chosen.out}: mean loss {mean:.4f} nats a byte at the end, {seconds:.0f} s")


if __name__ == "__main__":
    main()
