"""`fleet.jit`: a NumPy function that is compiled when it is first called.

In: a Python function. Out: a callable that gives what the function gives, computed by RISC-V code
on the emulator. The one idea: there is a compilation for each kind of arguments; sizes are none of
a kind, so a new size is no new compilation.
"""

from __future__ import annotations

import functools
import inspect
import threading
import types
from collections.abc import Callable, Iterable
from typing import Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, overload

from fleet import driver
from fleet.api.arguments import Given, Shape, Specs, read
from fleet.api.compiled import Compiled, Options, Statistics
from fleet.api.evaluation import evaluate
from fleet.api.source import place_of
from fleet.diagnostics import FleetError
from fleet.emu.machine import DEFAULT_EXECUTOR
from fleet.ir.printing.printer import print_op
from fleet.limits import DEFAULT as LIMITS
from fleet.stages import STAGES, until
from fleet.vm.machine import DEFAULT_MEMORY

P = ParamSpec("P")
Q = ParamSpec("Q")
S = TypeVar("S")
R = TypeVar("R")


class CacheInfo(NamedTuple):
    """Calls that found a compilation, compilations that were made, and those that are kept."""

    hits: int
    misses: int
    maxsize: int
    currsize: int


class Jitted(Generic[P, R]):
    """A function and its compilations; called as the function is. See `jit`."""

    __wrapped__: Callable[P, R]

    def __init__(
        self,
        function: Callable[P, R],
        static_argnames: frozenset[str],
        static_sizes: bool | frozenset[str],
        options: Options,
    ) -> None:
        if not isinstance(function, types.FunctionType):
            name = getattr(function, "__name__", type(function).__name__)
            raise FleetError(
                f"fleet.jit takes a function that is written in Python, and `{name}` is none"
            )
        functools.update_wrapper(self, function)
        self._function = function
        self._signature = inspect.signature(function)
        kinds = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
        parameters = self._signature.parameters
        self._names = [name for name, one in parameters.items() if one.kind in kinds]
        open_ended = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
        asked = static_argnames | (frozenset() if isinstance(static_sizes, bool) else static_sizes)
        for name in sorted(asked - parameters.keys()):
            if not open_ended:
                raise FleetError(
                    f"`{function.__name__}` has no parameter `{name}`", place_of(function.__code__)
                )
        self._static = static_argnames
        self._static_sizes = static_sizes
        self._options = options
        self._lock = threading.RLock()
        self._last: Compiled | None = None
        self.cache_clear()

    def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError:
            return self.__wrapped__(*args, **kwargs)  # which raises it, in Python's own words
        try:
            given = read(self._names, bound.args, bound.kwargs, self._static)
            with self._lock:
                self._last = used = self._find(given)
                result: R = used.call(given)
        except FleetError as error:
            error.location = error.location or place_of(self._function.__code__)
            raise error.with_traceback(None) from None
        return result

    @overload
    def __get__(self, instance: None, owner: type) -> Jitted[P, R]: ...

    @overload  # a method, which has its first argument
    def __get__(
        self: Jitted[Concatenate[S, Q], R], instance: S, owner: type | None = None
    ) -> Callable[Q, R]: ...

    def __get__(self, instance: object, owner: type | None = None) -> object:
        return self if instance is None else types.MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<fleet.jit of {self._function!r}>"

    # -- compilations

    def _find(self, given: Given) -> Compiled:
        """The compilation that serves a call; a new one if there is none."""
        known = self._compilations.get(given.specs, [])
        for one in [one for one in known if one.shape.fits(given.sizes)]:
            self._drop(one)
            if one.is_current():
                self._hits += 1
                self._keep(one)
                return one
        self._misses += 1
        made = self._compile(given)
        if len(self._used) >= self._options.maxsize:
            self._drop(next(iter(self._used)))
        self._keep(made)
        return made

    def _keep(self, one: Compiled) -> None:
        """As the one that was used last."""
        self._compilations.setdefault(one.specs, []).append(one)
        self._used[one] = None

    def _drop(self, one: Compiled) -> None:
        del self._used[one]
        known = self._compilations[one.specs]
        known.remove(one)
        if not known:
            del self._compilations[one.specs]

    def _compile(self, given: Given) -> Compiled:
        """With sizes that run time knows where that can be, else for these sizes alone."""
        asked = [self._has_static_sizes(owner) for owner in given.owners]
        if given.specs not in self._sized and not all(asked):
            try:
                return self._attempt(given, Shape.of(given, asked))
            except FleetError:
                if not given.sizes:
                    raise
            made = self._attempt(given, Shape.of(given, [True] * len(asked)))
            self._sized.add(given.specs)
            return made
        return self._attempt(given, Shape.of(given, [True] * len(asked)))

    def _attempt(self, given: Given, shape: Shape) -> Compiled:
        name = self._function.__name__.strip("<>")
        module, interface = evaluate(self._function, given.specs, shape, _unwrap, jit, LIMITS)
        return Compiled(name, module, interface, given.specs, shape, self._options)

    def _has_static_sizes(self, owner: str) -> bool:
        if isinstance(self._static_sizes, bool):
            return self._static_sizes
        return owner.partition("[")[0] in self._static_sizes

    # -- looking at it

    def _present(self) -> Compiled:
        if self._last is None:
            raise FleetError(
                f"`{self._function.__name__}` has not been compiled yet", hint="call it first"
            )
        return self._last

    def mlir(self, stage: str = "numpy") -> str:
        """The IR of the compilation that the last call used, after a stage of the pipeline."""
        one = self._present()
        names = [each.name for each in STAGES]
        if stage not in names:
            raise FleetError(f"there is no stage {stage!r}", hint=f"these are: {', '.join(names)}")
        module, _ = evaluate(self._function, one.specs, one.shape, _unwrap, jit, LIMITS)
        driver.run_stages(module, until(stage))
        return print_op(module)

    def asm(self) -> str:
        """The assembly text of the compilation that the last call used."""
        return self._present().assembly

    def stats(self) -> Statistics:
        """What the last call did."""
        return self._present().statistics()

    def profile(self) -> str:
        """Where instructions were executed, with `count=True`: tables by kernel and source line."""
        return self._present().profile()

    def cache_info(self) -> CacheInfo:
        return CacheInfo(self._hits, self._misses, self._options.maxsize, len(self._used))

    def cache_clear(self) -> None:
        """Forget all compilations."""
        self._compilations: dict[Specs, list[Compiled]] = {}
        self._used: dict[Compiled, None] = {}
        """All compilations, the one that was used last at the end."""
        self._sized: set[Specs] = set()
        """Kinds of arguments that cannot be compiled for all sizes."""
        self._last = None
        self._hits = self._misses = 0


def _unwrap(value: object) -> object:
    return value._function if isinstance(value, Jitted) else value


@overload
def jit(function: Callable[P, R], /) -> Jitted[P, R]: ...


@overload
def jit(
    *,
    static_argnames: str | Iterable[str] = ...,
    static_sizes: bool | str | Iterable[str] = ...,
    vlen: int = ...,
    count: bool = ...,
    maxsize: int = ...,
    memory: int = ...,
    executor: str = ...,
) -> Callable[[Callable[P, R]], Jitted[P, R]]: ...


def jit(
    function: Callable[P, R] | None = None,
    /,
    *,
    static_argnames: str | Iterable[str] = (),
    static_sizes: bool | str | Iterable[str] = False,
    vlen: int = 256,
    count: bool = False,
    maxsize: int = 128,
    memory: int = DEFAULT_MEMORY,
    executor: str = DEFAULT_EXECUTOR,
) -> Jitted[P, R] | Callable[[Callable[P, R]], Jitted[P, R]]:
    """Compile a function of NumPy at its first call; a decorator, with or without options.

    static_argnames: parameters whose values are known when the function is compiled, and that it is
    compiled anew for; texts and None always are. static_sizes: parameters whose arrays' sizes are,
    or True for all; other sizes are run time's, but for axes of length 1, which broadcast.
    vlen: bits of a vector register. count: count instructions, for `stats` and `profile`.
    maxsize: how many compilations are kept. memory: bytes for the function's arrays.
    executor: of vector instructions.

    Raises FleetError for what is not supported, here or at a call.
    """
    names = frozenset([static_argnames] if isinstance(static_argnames, str) else static_argnames)
    sized = static_sizes
    if not isinstance(sized, bool):
        sized = frozenset([sized] if isinstance(sized, str) else sized)
    options = Options(vlen, count, max(maxsize, 1), memory, executor)

    def decorate(function: Callable[P, R]) -> Jitted[P, R]:
        if isinstance(function, Jitted):
            function = function.__wrapped__
        return Jitted(function, names, sized, options)

    return decorate if function is None else decorate(function)
