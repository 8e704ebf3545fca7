"""`random`: Python's own generator, on the state that NumPy's RandomState has as well.

In: an evaluator. Out: the module's table. The one idea: both are Mersenne Twisters and differ in
what they make of the words; so what is known now Python draws, and the prelude the rest, from one
state in cells.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects import members, operations
from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.objects.provided import Builtin, provided
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import objects
from fleet.evaluator.values.heap import SITED, List, new_serial
from fleet.evaluator.values.then import Object, Text
from fleet.library.random_numbers.draws import Draws
from fleet.library.random_numbers.state import Mt19937

_DRAWS = """random uniform randint randrange choice choices sample shuffle gauss normalvariate
    expovariate triangular lognormvariate paretovariate weibullvariate getrandbits betavariate
    gammavariate vonmisesvariate randbytes""".split()
_AT_RUN_TIME = frozenset("""random uniform randint randrange choice choices sample shuffle gauss
    normalvariate expovariate triangular lognormvariate paretovariate weibullvariate
    getrandbits""".split())


class Twister(Mt19937):
    """Python's: the second of a pair of normal draws is `gauss()`'s."""

    __slots__ = ()
    fields = Mt19937.fields

    def generator(self) -> random.Random:
        key, position, has_gauss, gauss = self.values()
        made = random.Random()
        made.setstate((3, (*map(int, key), int(position)), float(gauss) if has_gauss else None))
        return made

    def absorb(self, generator: random.Random) -> None:
        _, words, gauss = generator.getstate()
        key = np.array(words[:-1], np.uint32)
        self.assign(key, words[-1], gauss is not None, 0.0 if gauss is None else gauss)


members.declare(Twister, Twister, "kind", " ".join(Twister.fields))


@stands_for(random.Random, " ".join([*_DRAWS, "seed", "getstate", "setstate"]))
class Source:
    """random.Random: a state, and the draws from it."""

    __slots__ = ("_draws", "_seed", "_state", "serial", "site")

    def __init__(self, draws: Draws, state: Twister, seed: Any = None) -> None:
        self._draws = draws
        self._state = state
        self._seed = seed
        self.serial = new_serial()
        self.site: Any = None
        """The expression that made it: see heap.SITED."""

    def made_by_host(self) -> Object:
        """The same one, as it was made, as one of the run's objects."""
        m = self._draws.machine
        given = [] if self._seed is None else [self._seed]
        return m.native(objects.function, m.backend.e, "random.Random", given, random.Random)

    def __getattr__(self, name: str) -> Any:
        if name in _DRAWS and hasattr(random.Random, name):
            return functools.partial(self._draw, name)
        raise AttributeError(f"'Random' object has no attribute '{name}'")

    def seed(self, a: Any = None, version: int = 2) -> None:
        draws = self._draws
        if a is None:
            self._state.assign(*draws.random_twister())
        elif draws.is_known(a):
            made = random.Random()
            made.seed(a, version)
            self._state.absorb(made)
        elif isinstance(a, Text | Object):
            self._state.assign(*draws.twister_of(a))
        else:
            draws.call("py_seed", self._state, draws.seed_number(a))

    def getstate(self) -> Any:
        if not self._state.is_known:
            raise self._draws.machine.error("getstate() of a state that only run time knows")
        return self._state.generator().getstate()

    def setstate(self, state: Any) -> None:
        made = random.Random()
        made.setstate(state)
        self._state.absorb(made)

    def _draw(self, name: str, *arguments: Any, **options: Any) -> Any:
        draws, state = self._draws, self._state
        known = draws.is_known(*_counted(name, arguments), *options.values())
        if known and state.is_known:
            generator = state.generator()
            found = _now(draws.machine, generator, name, arguments, options)
            state.absorb(generator)
            return found
        if name not in _AT_RUN_TIME:
            raise draws.machine.error(
                f"random.{name}() of a generator whose state or arguments are known at run time "
                "only is not supported"
            )
        if known:  # for the error that Python has for such arguments
            _now(draws.machine, random.Random(0), name, *_scratch(name, arguments, options))
        if name in ("sample", "choices") and isinstance(arguments[0], Object):
            return self._picked(name, *arguments, **options)
        return draws.call(f"py_{name}", state, *arguments, **options)

    def _picked(self, name: str, items: Object, *arguments: Any, **options: Any) -> Any:
        """Items of a list of run time, drawn by their positions."""
        m = self._draws.machine
        count = m.native(objects.length, m.backend.e, items)
        every = m.language.call_value(m, m.builtins["range"], (count,), {})
        at = self._draws.call(f"py_{name}", self._state, every, *arguments, **options)
        return m.native(objects.function, m.backend.e, "picked", [items, at], list)


SITED.add(Source)


def _counted(name: str, arguments: tuple) -> tuple:
    """The arguments that the stream of numbers depends on: of items, how many there are."""
    if name in ("choice", "choices", "sample", "shuffle") and arguments and (
            isinstance(arguments[0], List | tuple | str)
            and not _at_run_time(arguments[0])):  # fmt: skip
        return arguments[1:]
    return arguments


def _at_run_time(items: Any) -> bool:
    return isinstance(items, List) and (items.run_time is not None)


def _scratch(name: str, arguments: tuple, options: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    if name == "shuffle":
        arguments = (list(range(len(arguments[0]))), *arguments[1:])
    return arguments, options


def _now(
    m: Machine, generator: random.Random, name: str, arguments: tuple, options: dict[str, Any]
) -> Any:
    """Python's own draw. Items are drawn by their positions."""
    method = getattr(generator, name)
    if name not in ("choice", "choices", "sample", "shuffle") or not arguments:
        return method(*arguments, **options)
    items, *rest = arguments
    if name == "shuffle":
        order = list(range(len(items)))
        method(order, *rest, **options)
        items[:] = [items[at] for at in order]
        return None
    if not hasattr(items, "__len__") or isinstance(items, set | dict):
        return method(items, *rest, **options)
    if name == "choice":
        if len(items) == 0:
            return method(items)
        return operations.get_item(m, items, method(range(len(items))))
    found = method(range(len(items)), *rest, **options)
    return [operations.get_item(m, items, at) for at in found]


def random_module(m: Machine) -> dict[str, Any]:
    """The names of `random`."""
    draws = Draws(m)

    def made(seed: Any = None) -> Source:
        source = Source(draws, draws.new(Twister), seed)
        source.seed(seed)
        return source

    m.constructors[random.Random] = Builtin("Random", made, random.Random)
    shared = Source(draws, draws.unseeded(Twister))
    names = [*_DRAWS, "seed", "getstate", "setstate"]
    table: dict[str, Any] = {
        name: provided(name, _function(shared, name), getattr(random, name))
        for name in names if hasattr(random, name)
    }  # fmt: skip
    return table | {"Random": random.Random}


def _function(shared: Source, name: str) -> Callable[..., Any]:
    def function(*arguments: Any, **options: Any) -> Any:
        return getattr(shared, name)(*arguments, **options)

    return function

