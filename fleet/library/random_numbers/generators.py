"""`numpy.random` as programs see it: its functions, RandomState, Generator and PCG64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects.members import public, stands_for
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.library.random_numbers.draws import Draws
from fleet.library.random_numbers.state import State

_NOT_DRAWS = "seed get_state set_state bit_generator spawn".split()


class _Drawing:
    """An object whose methods draw. Subclasses belong to one evaluator: they have its `_draws`."""

    __slots__ = ("_state",)
    _draws: Draws
    _real: type
    _state: State

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self._real, name):
            kind = f"{self._real.__module__}.{self._real.__name__}"
            raise AttributeError(f"'{kind}' object has no attribute '{name}'")
        if name in _NOT_DRAWS:
            raise self._draws.machine.error(
                f"{self._real.__name__}.{name} is not supported",
                "make a generator from a seed: np.random.default_rng(seed)",
            )
        return _method(self._draws, self._state, name)

    def __repr__(self) -> str:
        return str(self)


@stands_for(np.random.Generator, public(np.random.Generator))
class _Generator(_Drawing):
    """np.random.Generator."""

    __slots__ = ()
    _real = np.random.Generator

    def __init__(self, bit_generator: Any) -> None:
        if not isinstance(bit_generator, _Pcg64):
            raise self._draws.machine.error(
                "np.random.Generator takes np.random.PCG64(seed) only",
                "or write np.random.default_rng(seed)",
            )
        self._state = bit_generator._state

    def __str__(self) -> str:
        return "Generator(PCG64)"


@stands_for(np.random.RandomState, public(np.random.RandomState))
class _RandomState(_Drawing):
    """np.random.RandomState."""

    __slots__ = ()
    _real = np.random.RandomState

    def __init__(self, seed: Any = None) -> None:
        self._state = self._draws.mt19937(seed)

    def seed(self, seed: Any = None) -> None:
        self._draws.seed(self._state, seed)

    def __str__(self) -> str:
        return "RandomState(MT19937)"


@stands_for(np.random.PCG64, public(np.random.PCG64))
class _Pcg64(_Drawing):
    """np.random.PCG64: something to make a Generator of."""

    __slots__ = ()
    _real = np.random.PCG64

    def __init__(self, seed: Any = None) -> None:
        self._state = self._draws.pcg64(seed)

    def __getattr__(self, name: str) -> Any:
        raise self._draws.machine.error(f"PCG64.{name} is not supported")

    def __str__(self) -> str:
        return "PCG64"


def _method(draws: Draws, state: State, name: str) -> Callable[..., Any]:
    def method(*arguments: Any, **options: Any) -> Any:
        return draws.draw(state, name, *arguments, **options)

    method.__name__ = method.__qualname__ = name
    return method


def random_table(machine: Machine) -> dict[str, Any]:
    """The names of `numpy.random`."""
    draws = Draws(machine)

    def own(kind: type) -> Any:
        module = kind._real.__module__
        body = {"_draws": draws, "__slots__": (), "__module__": module}
        return type(kind._real.__name__, (kind,), body)

    kinds = generator, random_state, pcg64 = own(_Generator), own(_RandomState), own(_Pcg64)
    for kind in kinds:
        machine.constructors[kind._real] = Builtin(kind._real.__name__, kind, kind._real)

    def default_rng(seed: Any = None) -> Any:
        if isinstance(seed, _Generator):
            return seed
        if isinstance(seed, _Pcg64):
            return generator(seed)
        return generator(pcg64(seed))

    shared = random_state.__new__(random_state)
    shared._state = draws.unseeded()
    table = {
        name: getattr(shared, name)
        for name in dir(np.random.RandomState)
        if not name.startswith("_") and name not in _NOT_DRAWS and hasattr(np.random, name)
    }
    table |= {name: _method(draws, shared._state, name) for name in ("ranf", "sample")}
    return table | {
        "seed": shared.seed, "default_rng": default_rng,
    } | {kind._real.__name__: kind._real for kind in kinds}
