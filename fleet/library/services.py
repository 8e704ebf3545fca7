"""What programs ask of the world they run in: clocks, the working folder, the environment.

In: a host service's name. Out: a function that gives its answer, now where the program runs now
(`--on ast`), else as a run-time value. The one idea: these are facts of the run, so a build never
sees them; facts of the program's own place (`__file__`, data beside it) are the build's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from fleet.evaluator.objects.members import stands_for
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values.emitter import SCALARS, tensor_type
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Number, Tensor, Text
from fleet.host import SERVICES


def ask(machine: Machine, service: str, *texts: Any, gives: str = "str") -> Any:
    """The answer of a service that takes texts and gives a float or a text."""
    e = machine.backend.e
    if e is None:
        (answer,) = SERVICES[service](machine.backend.host, list(texts), {})
        return answer
    given = [e.text(text).native for text in texts]
    kinds = ["str"] * len(given)
    if gives == "str":
        return e.host_text(service, "str", given, kinds)
    (native,) = e.host(service, given, kinds, [(gives, SCALARS[gives])])
    return Number(e, gives, native)


def entropy(machine: Machine, count: int) -> Any:
    """`count` random words of 64 bits: uint64, drawn when the program runs."""
    e = machine.backend.e
    if e is None:
        (words,) = SERVICES["entropy"](machine.backend.host, [count], {})
        return words.view(np.uint64)
    at = e.plain(e.number(count))
    dtype = np.dtype("int64")
    (native,) = e.host("entropy", [at], ["int"], [("array", tensor_type((count,), dtype))])
    words = Tensor(native, (count,), dtype)
    return tensors.wrap(e, tensors.cast_tensor(e, tensors.wrap(e, words), np.dtype("uint64")))


def time_table(machine: Machine) -> dict[str, Callable[[], Any]]:
    """`time`: the wall clock, and the one that only goes forward."""

    def wall() -> Any:
        return ask(machine, "time", gives="float")

    def forward() -> Any:
        return ask(machine, "clock", gives="float")

    def sleep(seconds: Any) -> None:
        """Only takes time, of which nothing is said."""
        if isinstance(seconds, int | float) and seconds < 0:
            raise ValueError("sleep length must be non-negative")

    def in_nanoseconds(clock: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: machine.constructors[int](clock() * 1e9)

    return {
        "time": wall, "perf_counter": forward, "monotonic": forward, "process_time": forward,
        "sleep": sleep, "time_ns": in_nanoseconds(wall), "perf_counter_ns": in_nanoseconds(forward),
        "monotonic_ns": in_nanoseconds(forward), "process_time_ns": in_nanoseconds(forward),
    }  # fmt: skip


@stands_for(type(os.environ), "get")
class Environment:
    """os.environ, read only. Whether a variable is set is known at run time only."""

    __slots__ = ("_machine",)

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def get(self, key: Any, default: Any = None) -> Any:
        if not isinstance(key, str | Text):
            raise TypeError(f"str expected, not {type(key).__name__}")
        if not isinstance(default, str | Text):
            raise self._machine.error(
                "an environment variable without a text for when it is not set is not supported",
                'give a default: os.environ.get(name, "")',
            )
        return ask(self._machine, "getenv", key, default)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str | Text):
            raise TypeError(f"str expected, not {type(key).__name__}")
        e = self._machine.backend.e
        if e is None:
            return os.environ[key]
        e.uncatchable("KeyError")
        return ask(self._machine, "environ", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise self._machine.error("setting environment variables is not supported")

    def __contains__(self, key: Any) -> bool:
        raise self._machine.error(
            "`in os.environ` is not supported",
            'compare with a default: os.environ.get(name, "") != ""',
        )

    def __iter__(self) -> Any:
        raise self._machine.error("iteration over os.environ is not supported")

    def __repr__(self) -> str:
        raise self._machine.error("the text of os.environ is not supported")


def os_table(machine: Machine) -> dict[str, Any]:
    """What `os` has of the run's surroundings."""
    environment = Environment(machine)

    def getcwd() -> Any:
        return ask(machine, "getcwd")

    return {name: getattr(os, name) for name in _OF_OS if hasattr(os, name)} | {
        "getcwd": getcwd, "environ": environment, "getenv": environment.get,
    }  # fmt: skip


_OF_OS = """altsep curdir defpath devnull extsep linesep name pardir pathsep sep error
    strerror F_OK R_OK W_OK X_OK SEEK_CUR SEEK_END SEEK_SET EX_OK EX_USAGE EX_DATAERR EX_NOINPUT
    EX_UNAVAILABLE EX_SOFTWARE EX_OSERR EX_IOERR EX_NOPERM EX_CONFIG""".split()
"""What is the same wherever the program runs."""

