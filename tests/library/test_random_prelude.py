"""The prelude's random numbers, evaluated over NumPy, give the stream of NumPy's own generators."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fleet.evaluator.backends.eager import Eager
from fleet.evaluator.state.memory import Policy
from fleet.frontend import _machine, _parsed, _start
from fleet.host import Host
from fleet.library.random_numbers.draws import Draws
from fleet.library.random_numbers.parts import JUMPS
from fleet.library.random_numbers.state import Mt19937, Pcg64, State
from fleet.library.random_numbers.ziggurat import LAYERS, exponential_tables, normal_tables
from fleet.syntax import tree

P = [0.1, 0.0, 0.2, 0.4, 0.3]
TABLE = np.arange(12).reshape(4, 3)
BOTH: list[tuple[str, tuple, dict]] = [
    ("random", (), {}),
    ("random", (3,), {}),
    ("random", ((2, 3),), {}),
    ("random", (2 * JUMPS + 5,), {}),
    ("random", (0,), {}),
    ("random", ((),), {}),
    ("uniform", (), {}),
    ("uniform", (-2.5, 7), {}),
    ("uniform", (1, 3, (4, 2)), {}),
    ("uniform", ([0.0, 1.0], 2.0), {}),
    ("normal", (), {}),
    ("normal", (3, 0.5), {}),
    ("normal", (0.0, 2.0, 7), {}),
    ("normal", ([0.0, 5.0], [1.0, 0.1]), {}),
    ("standard_normal", (), {}),
    ("standard_normal", ((3, 3),), {}),
    ("choice", (5,), {}),
    ("choice", (5, 4), {}),
    ("choice", ([3.5, 2.5, 1.5], (2, 2)), {}),
    ("choice", ([3, 2, 1],), {}),
    ("choice", (7, 3), {"replace": True}),
    ("choice", (5, 3), {"replace": False}),
    ("choice", (5, 5), {"replace": False}),
    ("choice", (5,), {"replace": False}),
    ("choice", (5,), {"p": P}),
    ("choice", (5, 6), {"p": P}),
    ("choice", (5, 4), {"p": P, "replace": False}),
    ("choice", ([2.0, 3.0, 4.0, 5.0, 6.0],), {"p": P}),
    ("permutation", (6,), {}),
    ("permutation", ([3.0, 1.0, 2.0],), {}),
    ("permutation", (TABLE,), {}),
]
LEGACY: list[tuple[str, tuple, dict]] = [
    ("random_sample", (), {}),
    ("rand", (), {}),
    ("rand", (2, 3), {}),
    ("rand", (700,), {}),
    ("randn", (), {}),
    ("randn", (4,), {}),
    ("randint", (10,), {}),
    ("randint", (3, 9), {}),
    ("randint", (1,), {}),
    ("randint", (0, 256, 5), {}),
    ("randint", (-5, 2**40), {}),
    ("randint", (0, 2**32), {}),
    ("randint", (0, 2**32 + 1, 3), {}),
    ("randint", (-(2**63), 2**63 - 1), {}),
    ("randint", (100,), {"dtype": np.int64}),
    ("randint", (100,), {"dtype": np.int32, "size": 3}),
    ("randint", (100,), {"dtype": np.uint8}),
    ("randint", (100,), {"dtype": np.uint8, "size": 9}),
    ("randint", (0, 256), {"dtype": np.uint8, "size": 9}),
    ("randint", (-100, 1000), {"dtype": np.int16, "size": (3, 3)}),
]
DISTRIBUTIONS: list[tuple[str, tuple, dict]] = [
    *((name, (*arguments, size), {}) for name, arguments in {
        "standard_exponential": (), "exponential": (2.5,), "rayleigh": (1.5,), "weibull": (3.0,),
        "pareto": (2.5,), "power": (1.5,), "laplace": (1, 2), "gumbel": (0.5, 2.0),
        "logistic": (1.0, 3), "triangular": (-1.0, 0.5, 4), "lognormal": (0.5, 0.25),
        "standard_cauchy": (), "wald": (1.5, 2.0), "standard_gamma": (0.4,), "gamma": (3.5, 2.0),
        "chisquare": (5,), "f": (3.0, 7.0), "standard_t": (4,), "beta": (2.0, 0.5),
        "poisson": (3.5,), "geometric": (0.4,), "vonmises": (1.0, 4.0),
        "binomial": (10, 0.3), "negative_binomial": (4, 0.5), "zipf": (2.0,), "logseries": (0.9,),
    }.items() for size in (None, 40)),
    ("exponential", ([0.5, 2.0, 100.0],), {}),
    ("gamma", ([[1.0], [0.0]], [0.3, 2.0]), {}),
    ("standard_gamma", (1.0, (2, 2)), {}),
    ("chisquare", ([1.0, 2.0, 3.0], (4, 3)), {}),
    ("beta", (0.5, 0.75, 60), {}),
    ("beta", (1e-4, 1e-4, 20), {}),
    ("beta", (1e-200, 1e-200, 20), {}),
    ("weibull", (0.0, 3), {}),
    ("poisson", (25.0, 60), {}),
    ("poisson", ([0.0, 1e4, 1e15],), {}),
    ("geometric", (0.01, 30), {}),
    ("vonmises", (3.0, [1e-9, 1e-6, 0.5, 1e5, 1e7]), {}),
    ("binomial", (60, [0.0, 0.5, 0.9, 1.0]), {}),
    ("binomial", ([0, 100, 3000, 10**6], 0.4, (9, 4)), {}),
    ("binomial", (400, 0.75, 60), {}),
    ("negative_binomial", (300.0, 0.5, 9), {}),
    ("geometric", ([1.0, 1e-300],), {}),
    ("noncentral_chisquare", (3.0, 1.5, 9), {}),
    ("noncentral_chisquare", (0.5, [0.0, 2.0, 30.0]), {}),
    ("noncentral_f", (3.0, 4.0, 0.5, 9), {}),
    *(("hypergeometric", (*numbers, 20), {}) for numbers in (
        (5, 7, 4), (7, 5, 9), (3, 3, 6), (4, 0, 2), (0, 9, 3), (60, 40, 30), (40, 60, 90),
        (300, 7000, 5000), (10**8, 3 * 10**8, 10**6),
    )),
    ("hypergeometric", (5, 7, 4), {}),
    ("hypergeometric", ([[30], [4]], [50, 60, 70], 15), {}),
    *(("multinomial", arguments, {}) for arguments in (
        (20, [1 / 6] * 6), (20, [1 / 6] * 6, 9), (9, [0.5, 0.0, 0.5, 0.0], (2, 3)), (0, [0.5, 0.5]),
        (10**6, [0.25, 0.5, 0.25], 4), (10**17, [1e-16, 1.0], 5), (3, [1.0]), (9, [0.5, 0.5], 0),
    )),
    *(("dirichlet", arguments, {}) for arguments in (
        ([1.0, 2.0, 0.5],), ([10, 5, 3], 4), ([0.3, 0.05], (2, 2)), ([0.01, 0.02, 0.03], 9),
        ([2.0],), ([1.0, 2.0], 0),
    )),
    *(("multivariate_normal", arguments, {}) for arguments in (
        ([1, 2], [[2.0, 0.3], [0.3, 1.0]]), ([0.0, 0.0], [[6, -3], [-3, 3.5]], 4),
        ([0.0, 1.0, 2.0], [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]], (2, 2)),
    )),
    ("zipf", ([2.0, 30.0],), {}),
    ("logseries", ([0.0, 0.5, 0.999999],), {}),
]
MODERN_VECTORS: list[tuple[str, tuple, dict]] = [
    ("multinomial", ([5, 20], [0.25, 0.75]), {}),
    ("multinomial", ([[5], [20]], [[0.25, 0.75], [0.5, 0.5]], (3, 2, 2)), {}),
    ("multinomial", (7, [[0.25, 0.75], [0.5, 0.5]]), {}),
    ("dirichlet", ([0.01, 0.0, 0.02], 5), {}),
    ("dirichlet", ([0.02, 0.0], 5), {}),
    ("dirichlet", ([0.0, 0.0],), {}),
    *(("multivariate_normal", ([1, 2], [[2.0, 0.3], [0.3, 1.0]], 3), {"method": method})
      for method in ("eigh", "cholesky")),
    *(("multivariate_hypergeometric", ([5, 0, 30, 4], count, size), {"method": method})
      for method in ("count", "marginals") for count in (0, 7, 33) for size in (None, 9)),
]  # fmt: skip
MODERN: list[tuple[str, tuple, dict]] = [
    ("random", (), {"dtype": np.float32}),
    ("random", (5,), {"dtype": np.float32}),
    ("integers", (10,), {}),
    ("integers", (3, 9), {}),
    ("integers", (1,), {}),
    ("integers", (5, 5), {"endpoint": True}),
    ("integers", (0, 256, 5), {}),
    ("integers", (0, 1000, 4), {}),
    ("integers", (0, 3_000_000_000, 9), {}),
    ("integers", (0, 1 << 20, 0), {}),
    ("integers", (0, 7, 2500), {}),
    ("integers", (0, 2**32, 2), {}),
    ("integers", (-5, 2**40), {}),
    ("integers", (-5, 3 * 2**61, 4), {}),
    ("integers", (-(2**63), 2**63), {}),
    ("integers", (0, 2**64), {"dtype": np.uint64}),
    ("integers", (100,), {"dtype": np.int32, "size": 3}),
    ("integers", (100,), {"dtype": np.uint8}),
    ("integers", (0, 200), {"dtype": np.uint8, "size": 9}),
    ("integers", (0, 255), {"dtype": np.uint8, "size": 9, "endpoint": True}),
    ("integers", (-100, 1000), {"dtype": np.int16, "size": (3, 3)}),
    ("choice", (20000, 15), {"replace": False}),
    ("choice", (10001, 210), {"replace": False}),
    ("choice", (50, 10), {"replace": False, "shuffle": False}),
    ("choice", (TABLE, 3), {}),
    ("choice", (TABLE,), {}),
    ("choice", (TABLE, 2), {"axis": 1, "replace": False}),
    ("permutation", (TABLE, 1), {}),
    ("permuted", (TABLE,), {}),
]


@pytest.fixture(scope="module")
def draws(tmp_path_factory: pytest.TempPathFactory) -> Draws:
    path = tmp_path_factory.mktemp("random") / "program.py"
    path.write_text("", encoding="utf-8")
    machine = _machine(path, _parsed(path), Policy())
    _start(machine, Eager(machine.heap, Host()))
    return Draws(machine)


def state_of(draws: Draws, generator: Any) -> State:
    legacy = isinstance(generator, np.random.RandomState)
    state = draws.new(Mt19937 if legacy else Pcg64)
    state.absorb(generator)
    return state


def assert_same(ours: Any, theirs: Any) -> None:
    assert type(ours) is type(theirs)
    np.testing.assert_array_max_ulp(np.asarray(ours, float), np.asarray(theirs, float), 2)
    if isinstance(theirs, np.ndarray):
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)


def assert_same_stream(draws: Draws, generator: Any, call: tuple[str, tuple, dict]) -> None:
    name, arguments, options = call
    state = state_of(draws, generator)
    with tree.recursion_room(60_000):
        for _ in range(3):
            ours = draws.call(name, state, *arguments, **options)
            theirs = getattr(generator, name)(*arguments, **options)
            assert_same(ours, theirs)
    for own, expected in zip(state.values(), state_of(draws, generator).values(), strict=True):
        assert_same(own, expected)


def label(call: tuple[str, tuple, dict]) -> str:
    name, arguments, options = call
    shown = [*map(repr, arguments), *(f"{key}={value!r}" for key, value in options.items())]
    return f"{name}({', '.join(shown)})".replace("\n", "")


@pytest.mark.parametrize("call", [*BOTH, *MODERN], ids=label)
@pytest.mark.parametrize("seed", range(3))
def test_generator(draws: Draws, seed: int, call: tuple[str, tuple, dict]) -> None:
    assert_same_stream(draws, np.random.default_rng(seed), call)


@pytest.mark.parametrize("call", [*BOTH, *LEGACY], ids=label)
@pytest.mark.parametrize("seed", range(3))
def test_random_state(draws: Draws, seed: int, call: tuple[str, tuple, dict]) -> None:
    assert_same_stream(draws, np.random.RandomState(seed), call)


@pytest.mark.parametrize(
    ("make", "call"),
    [
        *((make, call) for make in (np.random.default_rng, np.random.RandomState)
          for call in DISTRIBUTIONS),
        *((np.random.default_rng, call) for call in MODERN_VECTORS),
    ],
    ids=lambda value: label(value) if isinstance(value, tuple) else value.__name__,
)  # fmt: skip
def test_distributions(draws: Draws, make: Any, call: tuple[str, tuple, dict]) -> None:
    """The same but for the last digits, which NumPy's ufuncs and the C library round apart."""
    name, arguments, options = call
    theirs = make(7)
    state = state_of(draws, theirs)
    with tree.recursion_room(60_000):
        for _ in range(2):
            own = draws.call(name, state, *arguments, **options)
            expected = getattr(theirs, name)(*arguments, **options)
            assert type(own) is type(expected)
            np.testing.assert_allclose(own, expected, rtol=1e-11)
            if isinstance(expected, np.ndarray):
                assert (own.dtype, own.shape) == (expected.dtype, expected.shape)
    for one, other in zip(state.values(), state_of(draws, theirs).values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-14)


def test_all_layers_of_the_exponential_ziggurat(draws: Draws) -> None:
    inside, _, _ = exponential_tables()
    for layer in range(LAYERS):
        for position in (int(inside[layer]) - 1, int(inside[layer]), (1 << 53) - 1):
            if 0 <= position < 1 << 53:
                theirs = about_to_give((position << 8 | layer) << 3)
                state = state_of(draws, theirs)
                own, expected = draws.call("standard_exponential", state), theirs.exponential()
                np.testing.assert_array_max_ulp(own, expected, 2)
                assert state.values() == state_of(draws, theirs).values()


def about_to_give(word: int) -> np.random.Generator:
    """A generator whose next 64 bits are these (its state's upper half is 0, so none rotates)."""
    bits = np.random.PCG64(0)
    modulus, multiplier, increment = 1 << 128, 0x2360ED051FC65DA44385DF649FCCF645, 1
    before = (word - increment) * pow(multiplier, -1, modulus) % modulus
    bits.state = bits.state | {"state": {"state": before, "inc": increment}, "has_uint32": 0}
    return np.random.Generator(bits)


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("place", [-1, 0, "middle", "last"])
def test_all_layers_of_the_ziggurat(draws: Draws, place: int | str, sign: int) -> None:
    """On both sides of where a layer is under the curve for certain, in its wedge, in the tail."""
    inside, _, _ = normal_tables()
    for layer in range(LAYERS):
        edge, whole = int(inside[layer]), 1 << 52
        at = {"middle": (edge + whole) // 2, "last": whole - 1, -1: edge - 1, 0: edge}[place]
        if not 0 <= at < whole:
            continue
        theirs = about_to_give(layer | sign << 8 | at << 9)
        state = state_of(draws, theirs)
        assert_same(draws.call("standard_normal", state), theirs.standard_normal())
        assert state.values() == state_of(draws, theirs).values()


def test_a_rejected_int_among_many(draws: Draws) -> None:
    """The first half of the next word is one of those of which there are too many."""
    theirs = about_to_give(0)
    state = state_of(draws, theirs)
    for _ in range(2):
        assert_same(draws.call("integers", state, 0, 1000, 20), theirs.integers(0, 1000, 20))
    assert state.values() == state_of(draws, theirs).values()


@pytest.mark.parametrize("seed", [0, 1, 42, 2**31, 2**32 - 1, 2**32, 2**40 + 3, 2**63 - 1])
def test_seeds_of_generators(draws: Draws, seed: int) -> None:
    state = draws.new(Pcg64)
    draws.call("seed_pcg64", state, seed)
    assert state.values() == state_of(draws, np.random.default_rng(seed)).values()


@pytest.mark.parametrize("seed", [0, 1, 42, 2**31, 2**32 - 1])
def test_seeds_of_random_states(draws: Draws, seed: int) -> None:
    state = draws.new(Mt19937)
    draws.call("seed_mt19937", state, seed)
    key, *rest = state.values()
    expected, *others = state_of(draws, np.random.RandomState(seed)).values()
    assert (key == expected).all() and rest == others


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_shuffles(draws: Draws, generator: Any) -> None:
    theirs = generator(5)
    state = state_of(draws, theirs)
    for array in (np.arange(10), np.arange(12.0).reshape(4, 3), np.arange(1)):
        own = array.copy()
        own[...] = own[draws.call("order", state, len(own))]
        theirs.shuffle(array)
        assert (own == array).all()
