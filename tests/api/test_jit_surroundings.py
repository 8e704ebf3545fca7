"""jit: functions see their module, their closures, other functions and objects, as they are now."""

from __future__ import annotations

import functools
import math
import sys
import traceback
from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy import exp as exponential

import fleet
from tests.api import surroundings
from tests.api.comparison import agree, same_call
from tests.api.surroundings import Picky, refuse, refuse_pickily, scaled

WEIGHTS = np.arange(12.0).reshape(3, 4)
SETTINGS = {"eps": 1e-3, "sizes": [4, 3], "rows": (WEIGHTS, 2)}
RATE = 0.5


def relu(x):
    return np.maximum(x, 0) * SETTINGS["eps"]


@fleet.jit
def inner(x):
    return relu(x) + RATE


@fleet.jit
def outer(x):
    return inner(x) * inner(x[0]), factorial(5)


@fleet.jit
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


@dataclass
class Config:
    heads: int = 2
    eps: float = 1e-5


CONFIG = Config(heads=3)


class Layer:
    slope = 2.0

    def __init__(self, size: int) -> None:
        self.w = np.eye(size) * 3
        self.__hidden = [1.0, 2.0]
        self.config = CONFIG

    @staticmethod
    def act(x):
        return np.where(x > 0, x, -x)

    def forward(self, x):
        return self.act(x @ self.w) * self.slope + self.__hidden[1] + self.config.heads

    @fleet.jit
    def compiled(self, x):
        return self.forward(x)


def test_names_of_the_module_and_of_others() -> None:
    @fleet.jit
    def function(x):
        y = scaled(x @ WEIGHTS) + surroundings.SCALE + exponential(x[:, :1]) * math.pi
        return y.reshape(SETTINGS["sizes"][::-1]), len(SETTINGS), SETTINGS["rows"][0][1]

    same_call(function, np.linspace(-1, 1, 9).reshape(3, 3))


def test_closures() -> None:
    def make(w, steps):
        def helper(x):
            return x * steps

        return fleet.jit(lambda x: helper(x) @ w + [len("abc")][0])

    same_call(make(WEIGHTS, 2), np.ones((2, 3)))
    same_call(make(WEIGHTS.T, 3), np.ones((2, 4)))


def test_jitted_functions_call_jitted_functions() -> None:
    outer(np.linspace(-1, 1, 4))
    assert inner.cache_info().misses == 0  # it is a part of the other
    for size in (2, 5):
        same_call(outer, np.linspace(-1, 1, size))
    assert outer.cache_info().misses == 1
    for n in (0, 1, 7, 20):
        same_call(factorial, n)
    assert factorial.cache_info().misses == 1
    factorial.cache_clear()


def test_functions_within_may_be_decorated() -> None:
    @fleet.jit
    def function(x):
        @fleet.jit(static_argnames="n")
        def square(x, n=2):
            return x**n

        return square(x)

    agree(function(np.arange(3.0)), np.arange(3.0) ** 2)


def test_partial_functions_bound_methods_and_objects() -> None:
    layer = Layer(3)
    power = functools.partial(np.multiply, 3.0)
    forward = layer.forward

    @fleet.jit
    def function(x):
        return power(x), forward(x), layer.w, CONFIG.eps, CONFIG.heads

    same_call(function, np.linspace(-1, 1, 6).reshape(2, 3))
    assert function(np.zeros((1, 3)))[2] is layer.w


Pair = namedtuple("Pair", "first second")


class Point(NamedTuple):
    x: Any
    y: Any = 2.0


class Rich(NamedTuple):
    x: Any

    def double(self) -> Any:
        return self.x * 2


def test_named_tuples_and_objects_are_taken_and_made() -> None:
    outside = Pair(np.ones(2), 3)

    @fleet.jit
    def function(pair, n):
        total = pair.first + pair[1] + outside.first * outside.second
        return Pair(total, [Point(n), pair]), Config(n, total.sum()) if pair else None

    for n in (1, 2):
        made, config = function(Pair(np.arange(2.0), n), n)
        want, expected = function.__wrapped__(Pair(np.arange(2.0), n), n)
        agree(made, want)
        assert type(config) is Config
        agree(vars(config), vars(expected))
    assert function.cache_info().misses == 1
    with pytest.raises(fleet.FleetError, match="the named tuple `Rich` has methods"):
        fleet.jit(lambda p: p.double())(Rich(1))


def test_methods_see_their_object_as_it_is_now() -> None:
    layer, x = Layer(2), np.array([[1.0, -2.0]])
    agree(layer.compiled(x), layer.forward(x))
    agree(layer.compiled(x * 2), layer.forward(x * 2))
    assert Layer.compiled.cache_info()[:2] == (1, 1)
    layer.w[0, 0] = -5
    agree(layer.compiled(x), layer.forward(x))
    layer.config = Config(9)
    agree(layer.compiled(x), layer.forward(x))
    Layer.slope = 7.0
    agree(layer.compiled(x), layer.forward(x))
    Layer.act = staticmethod(lambda x: x)
    agree(layer.compiled(x), layer.forward(x))
    assert Layer.compiled.cache_info().misses == 5


def _change(name: str, value: Any) -> Any:
    globals()[name] = value


@pytest.mark.parametrize(
    "change",
    [
        lambda: _change("RATE", 2.5),
        lambda: _change("RATE", 2),
        lambda: _change("RATE", np.arange(3.0)),
        lambda: _change("relu", lambda x: x * 5),
        lambda: SETTINGS.__setitem__("eps", 4.0),
        lambda: setattr(relu, "__defaults__", None) or _change("abs", lambda x: x - 1),
    ],
)
def test_what_changes_outside_is_seen(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RATE", "relu"):
        monkeypatch.setitem(globals(), name, globals()[name])
    monkeypatch.setitem(SETTINGS, "eps", SETTINGS["eps"])
    monkeypatch.setitem(globals(), "abs", abs)
    del globals()["abs"]

    @fleet.jit
    def function(x):
        return relu(x) * abs(x) + RATE

    array = np.linspace(-1, 1, 3)
    same_call(function, array)
    same_call(function, array + 1)
    assert function.cache_info()[:2] == (1, 1)
    change()
    same_call(function, array)
    same_call(function, array + 1)
    assert function.cache_info().misses <= 2


def test_arrays_outside_are_compared_by_their_elements() -> None:
    weights = np.arange(6.0).reshape(2, 3)
    view = weights.T[::-1]
    function = fleet.jit(lambda x: x @ view)
    row = np.array([1.0, 2.0, 3.0])
    for _ in range(3):
        same_call(function, row)
        weights[1, 1] += 1
    assert function.cache_info().misses == 3
    weights = np.frombuffer(np.arange(3.0).tobytes())  # that nobody can write to
    constant = fleet.jit(lambda: weights.sum())
    agree(constant(), weights.sum())


@pytest.mark.parametrize("n", [2, 5])
def test_exceptions_have_their_classes_and_messages(n: int) -> None:
    same_call(fleet.jit(lambda n: refuse(n)), n)
    same_call(fleet.jit(lambda n: refuse_pickily(n)), n)


def test_exceptions_show_the_lines_that_they_come_from() -> None:
    def third(x, i):
        return x[i]

    def second(x, i):
        return third(x, i) + 1

    @fleet.jit
    def first(x, i):
        y = x * 2
        return second(y, i)

    with pytest.raises(IndexError) as caught:
        first(np.zeros(3), 7)
    plain = pytest.raises(IndexError, first.__wrapped__, np.zeros(3), 7)
    ours, theirs = (
        [(row.name, row.line) for row in traceback.extract_tb(error.tb) if row.filename == __file__]
        for error in (caught, plain)
    )
    assert ours[-3:] == theirs[-3:]
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_exceptions_of_all_sorts() -> None:
    def shapes(a, b):
        return a + b

    def axis(a):
        return a.sum(axis=4)

    def local(n):
        class Mine(Exception):
            pass

        if n:
            raise Mine("mine")

    for n in (0, 1, 2):
        same_call(fleet.jit(surroundings.assertion), n)
    for key in ("b", 5, ("c", 2.5), None, "it's"):
        same_call(fleet.jit(lambda known, key=key: known[key]), {"a": 1})
    for number in range(6):
        same_call(fleet.jit(static_argnames="number")(surroundings.raises), number)
    same_call(fleet.jit(shapes), np.zeros(3), np.zeros(4))
    same_call(fleet.jit(lambda a, b: a @ b), np.zeros((2, 3)), np.zeros((2, 3)))
    same_call(fleet.jit(axis), np.zeros((2, 3)))
    with pytest.raises(Exception, match="^mine$") as caught:
        fleet.jit(local)(1)
    assert type(caught.value).__name__ == "Mine"
    assert issubclass(surroundings.Refused, ValueError) and issubclass(Picky, Exception)


def test_printing_reading_and_leaving(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    import io

    @fleet.jit
    def function(x, n):
        print("sum", x.sum(), x.shape, f"{n:4d}")
        print("to", file=sys.stderr)
        if n > 1:
            sys.exit(n)
        return input("name? ")

    monkeypatch.setattr("sys.stdin", io.StringIO("Ada\nGrace\n"))
    assert function(np.ones((2, 3)), 1) == "Ada"
    assert function(np.ones((4, 3)), 0) == "Grace"
    with pytest.raises(SystemExit) as caught:
        function(np.ones((1, 3)), 5)
    assert caught.value.code == 5
    out, err = capsys.readouterr()
    assert out == "sum 6.0 (2, 3)    1\nname? sum 12.0 (4, 3)    0\nname? sum 3.0 (1, 3)    5\n"
    assert err == "to\n" * 3


def test_what_a_function_would_change_outside_is_refused() -> None:
    calls: list[int] = []
    total = 0

    def appends(x):
        calls.append(1)
        return x

    def assigns(x):
        nonlocal total
        total += 1
        return x

    def assigns_within(x):
        def bump():
            global RATE
            RATE = 2

        bump()
        return x

    def writes(x):
        WEIGHTS[0] = x
        return x

    def attribute(x):
        CONFIG.heads = 1
        return x

    def of_function(x):
        relu.calls = 1
        return x

    for function in (appends, assigns, assigns_within, writes, attribute, of_function):
        with pytest.raises(fleet.FleetError, match=r"lost") as caught:
            fleet.jit(function)(1.0)
        assert caught.value.location is not None and caught.value.location.file == __file__
        first = function.__code__.co_firstlineno
        assert first <= caught.value.location.line <= first + 8
    assert calls == [] and total == 0 and CONFIG.heads == 3


def test_the_interpreters_random_state_is_refused_and_own_generators_are_not() -> None:
    with pytest.raises(fleet.FleetError, match="random state of the whole interpreter"):
        fleet.jit(lambda: np.random.rand(3))()

    def draws(seed):
        return np.random.default_rng(5).normal(size=3)

    same_call(fleet.jit(draws), 1)


def test_functions_without_source_and_what_is_no_function() -> None:
    namespace: dict[str, Any] = {}
    exec("def function(x): return x", namespace)
    with pytest.raises(fleet.FleetError, match="the source of the function `function` cannot"):
        fleet.jit(namespace["function"])(1)
    for wrong in (np.sin, len, 3, Layer):
        with pytest.raises(fleet.FleetError, match="takes a function that is written in Python"):
            fleet.jit(wrong)
    with pytest.raises(fleet.FleetError, match="several such lambdas on this line"):
        [fleet.jit(lambda x: x), fleet.jit(lambda x: x + 1)][0](1)
    with pytest.raises(fleet.FleetError, match="has not been compiled yet"):
        fleet.jit(relu).stats()


def test_what_is_not_supported_names_its_place() -> None:
    def function(x):
        y = x + 1
        return np.busday_count(y)

    with pytest.raises(fleet.FleetError, match="numpy.busday_count is not supported") as caught:
        fleet.jit(function)(np.zeros((2, 2)))
    assert caught.value.location.line == function.__code__.co_firstlineno + 2
    assert caught.value.location.file == __file__
    assert "^~~~" in str(caught.value)
