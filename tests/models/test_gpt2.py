"""models/gpt2.py, its float64 twin and its training script, all run by CPython."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

MODELS = Path(__file__).parents[2] / "models"


def load(name: str) -> ModuleType:
    """The program as a module: models/ is a folder of programs, not a package."""
    spec = importlib.util.spec_from_file_location(name, MODELS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


gpt2, gpt2_float64, train_gpt2 = map(load, ("gpt2", "gpt2_float64", "train_gpt2"))
ZEN = train_gpt2.zen().decode()
SMALL = train_gpt2.Config(n_vocab=11, n_ctx=6, n_embd=8, n_head=2, n_layer=2)


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, MODELS / program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def params() -> dict:
    return gpt2.nest(np.load(MODELS / "gpt2.npz"))


def rightly_recited(params: dict, start: int, prompt_length: int) -> tuple[int, float]:
    """How many bytes after the prompt greedy decoding gets right, and the smallest lead there.

    The lead is the best logit's distance to the second. One call answers for every step: as long
    as the bytes so far are right, decoding has just these inputs (the mask hides what follows).
    """
    n_ctx = len(params["wpe"])
    text = (ZEN + ZEN).encode()[start : start + n_ctx]
    logits = gpt2.gpt2(list(text[:-1]), **params, n_head=4)[prompt_length - 1 :]
    wrong = logits.argmax(axis=-1) != np.frombuffer(text[prompt_length:], np.uint8)
    right = int(wrong.argmax()) if wrong.any() else len(wrong)
    second, first = np.sort(logits[:right], axis=-1)[:, -2:].T
    return right, float((first - second).min())


def line_starts() -> list[int]:
    return [i for i in range(len(ZEN)) if ZEN[i] != "\n" and (i == 0 or ZEN[i - 1] == "\n")]


def unambiguous_prompt(start: int) -> str:
    """At least 12 characters from there on, and as many as it takes to occur but once."""
    end = start + 12
    while ZEN.count(ZEN[start:end]) > 1:
        end += 1
    return ZEN[start:end]


@pytest.mark.parametrize("program", ["gpt2.py", "gpt2_float64.py"])
def test_the_program_recites_the_zen_of_python_from_beautiful_is(program: str) -> None:
    result = run(program, "Beautiful is", "64")
    start = ZEN.index("Beautiful is")
    assert (result.stdout, result.stderr) == (ZEN[start : start + 12 + 64] + "\n", "")


def test_the_program_generates_24_bytes_unless_told_otherwise() -> None:
    start = ZEN.index("Beautiful is")
    assert run("gpt2.py", "Beautiful is").stdout == ZEN[start : start + 12 + 24] + "\n"


@pytest.mark.parametrize("start", line_starts())
def test_every_line_is_continued_to_the_end_of_the_context(params: dict, start: int) -> None:
    prompt = unambiguous_prompt(start)
    right, lead = rightly_recited(params, start, len(prompt))
    assert right == len(params["wpe"]) - len(prompt)
    assert lead > 1, "a change in the last digits must not change the text"


def test_without_a_prompt_the_program_says_how_to_use_it() -> None:
    result = run("gpt2.py")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("usage: gpt2.py PROMPT")


def test_a_prompt_too_long_for_the_context_is_an_assertion_error(params: dict) -> None:
    longest = len(params["wpe"]) - 2
    assert run("gpt2.py", "x" * longest, "1").returncode == 0
    result = run("gpt2.py", "x" * (longest + 1), "1")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == "AssertionError"


def test_every_function_of_the_program_keeps_float32(
    params: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each function is wrapped by one that notes the dtype of what it returns."""
    seen = {}

    def noting(name: str, function):
        def wrapper(*args, **kwargs):
            result = function(*args, **kwargs)
            seen.setdefault(name, set()).add(result.dtype.name)
            return result

        return wrapper

    functions = "gelu softmax layer_norm linear ffn attention mha transformer_block gpt2".split()
    for name in functions:
        monkeypatch.setattr(gpt2, name, noting(name, getattr(gpt2, name)))
    gpt2.gpt2(list(b"Now is"), **params, n_head=4)
    assert seen == {name: {"float32"} for name in functions}


def test_the_twin_computes_the_same_in_float64(params: dict) -> None:
    prompt = list(b"Errors should never pass silently.")
    single = gpt2.gpt2(prompt, **params, n_head=4)
    double = gpt2_float64.gpt2(prompt, **params, n_head=4)
    assert double.dtype == np.float64
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4)


def test_the_training_text_is_what_import_this_prints() -> None:
    result = subprocess.run([sys.executable, "-c", "import this"], capture_output=True, text=True)
    assert result.stdout == ZEN


def small_model(dtype: type) -> tuple[object, np.ndarray]:
    """A tiny model with every parameter away from its initial zero or one, and tokens for it."""
    rng = np.random.default_rng(7)
    parameters = {
        name: (array + rng.normal(0, 0.3, array.shape)).astype(dtype)
        for name, array in train_gpt2.initial_parameters(SMALL, rng).items()
    }
    tokens = rng.integers(SMALL.n_vocab, size=(3, SMALL.n_ctx + 1))
    return train_gpt2.Model(parameters, SMALL.n_head), tokens


def test_training_and_program_compute_the_same_logits() -> None:
    model, tokens = small_model(np.float32)
    batch, _ = model.logits(tokens[:, :-1])
    for sequence, logits in zip(tokens[:, :-1], batch, strict=True):
        expected = gpt2.gpt2(list(sequence), **gpt2.nest(model.parameters), n_head=SMALL.n_head)
        np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)


def test_the_backward_pass_agrees_with_finite_differences() -> None:
    model, tokens = small_model(np.float64)
    _, backward = model.loss(tokens)
    backward()
    step = 1e-5
    rng = np.random.default_rng(8)
    for name, array in model.parameters.items():
        for index in {tuple(rng.integers(array.shape)) for _ in range(5)}:
            value = array[index]
            array[index] = value + step
            above, _ = model.loss(tokens)
            array[index] = value - step
            below, _ = model.loss(tokens)
            array[index] = value
            slope = (above - below) / (2 * step)
            assert model.gradients[name][index] == pytest.approx(slope, abs=1e-7), (name, index)


def test_training_lowers_the_loss_and_is_reproducible() -> None:
    config = train_gpt2.Config(n_ctx=16, n_embd=16, n_head=2, n_layer=1)
    schedule = train_gpt2.Schedule(steps=60, warm_up=10)
    parameters, losses = train_gpt2.train(config, schedule, ZEN.encode())
    assert losses[0] == pytest.approx(np.log(config.n_vocab), abs=0.1)  # knows nothing yet
    assert np.mean(losses[-5:]) < 0.7 * losses[0]
    again, _ = train_gpt2.train(config, schedule, ZEN.encode())
    assert all(np.array_equal(again[name], array) for name, array in parameters.items())
    assert all(array.dtype == np.float32 for array in parameters.values())
