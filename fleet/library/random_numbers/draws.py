"""Draws: NumPy's own where all is known now, the prelude's where something is known then.

In: a state, the name of a method of NumPy's generators, its arguments. Out: what the method gives,
and the state after it. The one idea: both give the same stream, so which of the two draws is only a
question of when.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import numpy as np

from fleet.evaluator.language.calls import call_value
from fleet.evaluator.objects.operations import set_item
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import objects, texts
from fleet.evaluator.values.emitter import tensor_type
from fleet.evaluator.values.heap import List
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.single import array_of
from fleet.evaluator.values.then import Array, Number, Object, Tensor, Text
from fleet.library.random_numbers.parts import make_parts
from fleet.library.random_numbers.state import Mt19937, Pcg64, State
from fleet.library.random_numbers.words import next_word, twisted_key, twister_word
from fleet.library.services import entropy
from fleet.syntax import tree
from fleet.syntax.parser import parse

PRELUDE = sorted((Path(__file__).parents[1] / "prelude" / "random").glob("[!_]*.py"))
_LARGE = 100_000
_ALIASES = {"ranf": "random", "sample": "random"}
_OF_ITEMS = ("choice", "permutation", "shuffle")


class Draws:
    """Makes states, and draws from them, on behalf of one evaluator."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._functions: dict[str, Any] = {}
        e = machine.backend.e
        self._home = None if e is None else e.builder.block
        """Where a program's operations begin."""

    # -- states

    def new(self, kind: type[State]) -> Any:
        return kind(self.machine.heap, self.machine.backend.e)

    def pcg64(self, seed: Any) -> Pcg64:
        """default_rng(seed)'s state."""
        state = self.new(Pcg64)
        if seed is None:
            state.assign(*self._random_pcg64())
        elif self.is_known(seed):
            state.absorb(np.random.default_rng(arrays.plain(seed)))
        else:
            self.call("seed_pcg64", state, self.seed_number(seed))
        return state

    def mt19937(self, seed: Any) -> Mt19937:
        """RandomState(seed)'s state."""
        state = self.new(Mt19937)
        self.seed(state, seed)
        return state

    def seed(self, state: Mt19937, seed: Any) -> None:
        if seed is None:
            state.assign(*self.random_twister())
        elif self.is_known(seed):
            state.absorb(np.random.RandomState(arrays.plain(seed)))
        else:
            self.call("seed_mt19937", state, self.seed_number(seed))

    def unseeded(self, kind: type[Mt19937] = Mt19937) -> Any:
        """The state of a module's functions: chance seeds it when the program runs, if used."""
        state = self.new(kind)
        e = self.machine.backend.e

        def first() -> tuple:
            if e is None:
                return self.random_twister()
            state.heap.do_for_good()
            with e.builder.inside(self._home):
                return self.random_twister()

        state.pending = first
        return state

    def _random_pcg64(self) -> tuple:
        words = entropy(self.machine, 4)
        hi, lo, inc_hi, inc_lo = (words[i] for i in range(4))
        return hi, lo, inc_hi, inc_lo | np.uint64(1), False, np.uint64(0)

    def random_twister(self) -> tuple:
        words = self.machine.backend.primitives["cast"](entropy(self.machine, 624), np.uint32)
        return words, 624, False, 0.0

    def twister_of(self, seed: Text | Object) -> tuple:
        """What Python's generator makes of a text, or of an int of any length."""
        e = self.machine.backend.e
        kind, native = objects.operand(e, seed, False)
        (made,) = e.host(
            "function", [native], [kind], [("array", tensor_type((624,), np.dtype("int64")))],
            name="random.key", named=[], rank=1, dtype="int64", shape=[624],
        )  # fmt: skip
        words = tensors.wrap(e, Tensor(made, (624,), np.dtype("int64")))
        return self.machine.backend.primitives["cast"](words, np.uint32), 624, False, 0.0

    def seed_number(self, seed: Any) -> Any:
        if isinstance(seed, Array) and not seed.dims and seed.dtype.kind in "iu":
            return tensors.to_number(self.machine.backend.e, seed)
        if isinstance(seed, Number) and seed.kind != "float":
            return seed
        raise self.machine.error(
            "a seed that is known at run time only must be an int",
            "lists and arrays as seeds must be known when the program is compiled",
        )

    def is_known(self, *values: Any) -> bool:
        return not texts.has_run_time(values)

    # -- draws

    def draw(self, state: State, name: str, *arguments: Any, **options: Any) -> Any:
        name = _ALIASES.get(name, name)
        if name in _OF_ITEMS and arguments and self._is_of_others(name, arguments[0]):
            return self._draw_others(state, name, *arguments, **options)
        known = self.is_known(arguments, options)
        if known and state.is_known:
            return self._now(state, name, arguments, options)
        if known and name not in ("order", "shuffle"):
            self._try(state, name, arguments, options)
        return self.call(name, state, *arguments, **options)

    def _is_of_others(self, name: str, value: Any) -> bool:
        """Whether what is drawn of are texts or objects, of which NumPy makes an array."""
        primitives = self.machine.modules["primitives"]
        if array_of(value) in ("texts", "objects"):
            return True
        return name != "shuffle" and isinstance(value, list | tuple | Object) and (
            primitives.get("is_texts")(value, None)
            or primitives.get("makes_objects")(value, None))  # fmt: skip

    def _draw_others(self, state: State, name: str, a: Any, *arguments: Any, **options: Any) -> Any:
        """The same of these: where they are in their array is all that is drawn."""
        prelude = self.machine.prelude
        count = self.machine.native(len, a) if isinstance(a, list | tuple) else call_value(
            self.machine, prelude.get("count_to_draw_of"), (a,), {})
        drawn = "order" if name == "shuffle" else name
        at = self.draw(state, drawn, count, *arguments, **options)
        use = prelude.get("shuffle_by" if name == "shuffle" else "drawn_of")
        return call_value(self.machine, use, (a, at), {})

    def _now(self, state: State, name: str, arguments: tuple, options: dict) -> Any:
        generator = state.generator()
        if name == "shuffle":
            made: Any = self._shuffle(generator, *arguments, **options)
        elif name == "order":
            made = np.arange(*arguments)
            generator.shuffle(made)
        else:
            made = getattr(generator, name)(*map(arrays.plain, arguments), **_plain(options))
        state.absorb(generator)
        return self.machine.backend.array(made)

    def _shuffle(self, generator: Any, x: Any, axis: int = 0) -> None:
        """In place. The order is all that is random."""
        if isinstance(x, List):
            items = np.empty(len(x), object)
            items[:] = list(x)
            generator.shuffle(items)
            x[:] = list(items)
            return
        known = np.array(arrays.plain(x))
        generator.shuffle(known, *((axis,) if axis else ()))
        set_item(self.machine, x, Ellipsis, self.machine.backend.array(known))

    def _try(self, state: State, name: str, arguments: tuple, options: dict) -> None:
        """Raise NumPy's own error for arguments that it does not take, in whatever state."""
        if _is_large((*arguments, *options.values())):
            return
        scratch = np.random.default_rng(0) if state.kind == "pcg64" else np.random.RandomState(0)
        getattr(scratch, name)(*map(arrays.plain, arguments), **_plain(options))

    def call(self, name: str, state: State, *arguments: Any, **options: Any) -> Any:
        """A function of the prelude's, on a state."""
        if not self._functions:
            self._load()
        function = self._functions.get(name)
        if function is None:
            raise self.machine.error(
                f"{name}() of a random generator whose state or arguments are known at run time "
                "only is not supported",
                "those that docs/numpy.md calls Python under numpy.random.Generator are",
            )
        with np.errstate(over="ignore"):
            return call_value(self.machine, function, (state, *arguments), options)

    def _load(self) -> None:
        """Evaluate the prelude's random numbers, which is nothing that a branch could undo."""
        machine = self.machine
        scope = Scope("module", None, Names(), "<prelude>")
        scope.values |= make_parts(machine)
        made_once = (next_word, twister_word, twisted_key)
        scope.values |= {one.__name__: functools.partial(one, machine) for one in made_once}
        scope.values |= {"draw": self.draw, "unsupported": self._unsupported}
        journals, machine.heap.journals = machine.heap.journals, []
        try:
            with machine.place_kept():
                machine.outside, machine.scope = machine.location(), scope
                for path in PRELUDE:
                    module = machine.sources[str(path)] = _tree(path)
                    machine.run_body(module.body)
        finally:
            machine.heap.journals = journals
        self._functions = dict(scope.values)

    def _unsupported(self, what: str) -> None:
        raise self.machine.error(f"{what} is not supported")


def _is_large(arguments: tuple) -> bool:
    """Whether some argument may be the size of an array that is not made for nothing."""
    sizes = [value if isinstance(value, tuple) else (value,) for value in arguments]
    return any(
        math.prod(part for part in size if isinstance(part, int)) > _LARGE for size in sizes
    )


@functools.cache
def _tree(path: Path) -> tree.AST:
    return parse(path.read_text(encoding="utf-8"), str(path))


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    return {name: arrays.plain(value) for name, value in options.items()}
