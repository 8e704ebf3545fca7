"""Host services: what a program asks of the world around it, and what its checks raise.

In: the operands of a service as arrays and numbers, with their Python kinds. Out: its effect, and
its results in the same form. The one idea: operands become Python's and NumPy's own objects here,
so that they print, decode and fail as CPython has them. The IR executor and the bytecode machine
both come here.

Kinds: `int float bool str bytes list array scalar object none`. A text is an array of UTF-8 bytes,
a list an array of its numbers, a `scalar` (NumPy's) an array of rank 0, an `object` the number that
names one of the run's objects (see `fleet.objects`), none has no operand. The option
`dtypes` names every operand's dtype where an unsigned one has become signless.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TextIO

import numpy as np

from fleet import integers, run_files
from fleet.diagnostics import FleetError, Location, ProgramError, ProgramExit
from fleet.limits import DEEPEST, DEFAULT, MOST_LEVELS, RECURSION, Limits
from fleet.objects.asking import Asked
from fleet.objects.names import Objects
from fleet.objects.services import SERVICES as OF_OBJECTS
from fleet.recursion import FRAMES_OF_A_CALL, make_room
from fleet.run_files import Opened, Root
from fleet.warned import Warned

Data = int | float | bool | np.ndarray
"""A value as executors hold it."""

Service = Callable[["Host", list[Any], Mapping[str, Any]], Sequence[object]]
"""(host, arguments, options) -> results"""


@dataclass
class Host:
    """The world of one run: arguments (`argv[0]` is the program) and standard streams.

    limits: what its evaluation may read and take; services: by name; warned: of what it has warned.
    printed: where somebody wants them, the values of each `print`; objects: those of the run;
    recursion_limit: sys.getrecursionlimit(); root: where its files are, None where it has none.
    """

    argv: Sequence[str] = ("",)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    limits: Limits = DEFAULT
    printed: list[tuple[object, ...]] | None = None
    services: Mapping[str, Service] = field(default_factory=lambda: SERVICES)
    warned: Warned | None = None
    objects: Objects = field(default_factory=Objects)
    asked: Asked = field(default_factory=Asked)
    """What operations on these wait for an answer of the program's."""
    recursion_limit: int = RECURSION
    depth: Callable[[], int] = lambda: 0
    """How many functions of the schedule are being called, in whatever runs it."""
    ahead: list[str] = field(default_factory=list)
    """The next line of the standard input, if somebody has looked whether there is one."""
    root: Root | None = None
    opened: Opened = field(default_factory=Opened)

    def __post_init__(self) -> None:
        if self.warned is None:
            self.warned = Warned(self.stderr)

    def too_deep(self, calls: int) -> Exception | None:
        """What to raise in place of one more call, where so many functions are being called."""
        if calls < min(self.recursion_limit - 1, DEEPEST):
            return None
        if self.recursion_limit - 1 > DEEPEST:
            return FleetError(f"the program calls more than {DEEPEST:,} functions in each other")
        return ProgramError("RecursionError", "maximum recursion depth exceeded")

    def read_line(self) -> str:
        """A line of the standard input with its end, nothing after the last."""
        return self.ahead.pop() if self.ahead else self.stdin.readline()

    def note(self, values: Sequence[object]) -> None:
        """Keep what is printed; arrays as they are now."""
        if self.printed is not None:
            self.printed.append(
                tuple(np.array(v) if isinstance(v, np.ndarray) else v for v in values)
            )


def to_python(kind: str, data: Data, objects: Objects | None = None) -> object:
    """The Python object that stands for an operand."""
    match kind:
        case "object" if objects is not None:
            return objects.named(data)
        case "int":
            return int(data)
        case "float":
            return float(data)
        case "bool":
            return bool(data)
        case "str":
            return np.asarray(data).tobytes().decode("utf-8", "surrogateescape")
        case "bytes":
            return np.asarray(data).tobytes()
        case "list":
            return np.asarray(data).tolist()
        case "scalar":
            return np.asarray(data)[()]
        case "array":
            return np.array(data)  # a service may keep it
    raise FleetError(f"a host service cannot take a value of kind {kind!r}")


def from_python(kind: str, value: Any, objects: Objects | None = None) -> Data:
    """The inverse of `to_python`, for results."""
    match kind:
        case "object" if objects is not None:
            return objects.name(value)
        case "str":
            return np.frombuffer(value.encode("utf-8", "surrogateescape"), np.uint8)
        case "bytes":
            return np.frombuffer(bytes(value), np.uint8)
        case "int" | "float" | "bool":
            return value
    return np.asarray(value)


def of_parts(real: np.ndarray, imag: np.ndarray) -> np.ndarray:
    """The complex numbers of these parts."""
    shape = np.broadcast_shapes(np.shape(real), np.shape(imag))
    made = np.empty(shape, np.result_type(real, np.complex64))
    made.real, made.imag = real, imag
    return made


def take_operands(
    kinds: Sequence[str], operands: Sequence[Data], objects: Objects | None = None
) -> list[object]:
    """Python objects for a service's operands; `none` takes no operand."""
    given = iter(operands)
    return [None if kind == "none" else to_python(kind, next(given), objects) for kind in kinds]


def call_service(
    host: Host,
    service: str,
    operands: Sequence[Data],
    kinds: Sequence[str],
    result_kinds: Sequence[str],
    options: Mapping[str, Any],
    location: Location | None = None,
) -> list[Data]:
    """Perform a service. Raises ProgramError and ProgramExit as the program would."""
    function = (SERVICES if host is None else host.services).get(service)
    if function is None:
        raise FleetError(f"there is no host service {service!r}", location)
    dtypes = options.get("dtypes")
    if dtypes is not None:
        operands = [_typed(data, name) for data, name in zip(operands, dtypes, strict=True)]
    known = None if host is None else host.objects
    try:
        given = take_operands(kinds, operands, known)
        with _printing(given, options):
            results = function(host, given, options)
    except (ProgramError, FleetError) as error:
        error.location = error.location or location
        raise
    except PYTHON as error:
        raise ProgramError(_name(error), _message(error), location) from error
    return [
        from_python(kind, value, known) for kind, value in zip(result_kinds, results, strict=True)
    ]


def _printing(given: list[object], options: Mapping[str, Any]) -> AbstractContextManager:
    """NumPy's options as the program has set them; those of the run are the last operands."""
    if "printing" not in options:
        return nullcontext()
    names = options.get("late_printing", ())
    late = dict(zip(names, given[len(given) - len(names) :], strict=True))
    del given[len(given) - len(names) :]
    return np.printoptions(**json.loads(options["printing"]), **late)


PYTHON = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What a service raises of its own: exceptions of the program's."""


def _name(error: Exception) -> str:
    """An exception's class as Python names it at a program's end."""
    kind = type(error)
    return f"decimal.{kind.__name__}" if kind.__module__ == "decimal" else kind.__name__


def _typed(data: Data, dtype: str) -> Data:
    """An array's bits under the dtype that it had before signs were dropped from types; pairs of
    floats as complex numbers, float32 as float16."""
    if not isinstance(data, np.ndarray):
        return data
    if np.dtype(dtype).kind == "c":
        return np.ascontiguousarray(data).view(dtype)[..., 0]
    if dtype == "float16" and data.dtype == np.float32:
        return data.astype(dtype)
    return data.view(dtype) if data.dtype.itemsize == np.dtype(dtype).itemsize else data


def as_program_error(error: Exception, location: Location | None) -> ProgramError:
    """What is the program's exception where a service raises one of PYTHON; of a KeyError that no
    service has made a text of, its key's."""
    message = repr(error.args[0]) if type(error) is KeyError and error.args else str(error)
    return ProgramError(_name(error), message, location)


def _message(error: Exception) -> str:
    return str(error.args[0]) if type(error) is KeyError and error.args else str(error)


# -- the services


def _print(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    host.note(arguments)
    stream = host.stderr if options.get("file") == "stderr" else host.stdout
    separator, end = options.get("sep", " "), options.get("end", "\n")
    try:
        print(*arguments, sep=separator, end=end, file=stream, flush=True)
    except UnicodeEncodeError:
        text = separator.join(map(str, arguments)) + end
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "surrogateescape"))
        stream.flush()
    return ()


def _format(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """`template` is str.format's: `{}`, `{!r}`, `{:>8}` for each argument in turn."""
    return (str(options["template"]).format(*arguments),)


def _set_recursion_limit(
    host: Host, arguments: list[Any], options: Mapping[str, Any]
) -> Sequence[object]:
    limit = int(arguments[0])
    make_room(FRAMES_OF_A_CALL * min(limit, DEEPEST))
    host.recursion_limit = limit
    return ()


def _levels(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    return (min(host.recursion_limit - 1, MOST_LEVELS) - host.depth() + 1,)


def _warn(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """A warning that evaluating the program met where values are known, or whose text it made."""
    at = Location(str(options["file"]), int(options["line"]))
    message = str(arguments[0] if arguments else options["message"])
    host.warned.show(message, at, str(options["category"]))
    return ()


def _exit(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    code = arguments[0] if arguments else None
    if code is None:
        raise ProgramExit(0)
    if isinstance(code, int):
        raise ProgramExit(int(code) & 0xFF)
    print(code, file=host.stderr, flush=True)
    raise ProgramExit(1)


def _check(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    holds, *rest = arguments
    if not holds:
        raise ProgramError(options["exception"], str(options["message"]).format(*rest))
    return ()


def _check_indices(
    host: Host, arguments: list[Any], options: Mapping[str, Any]
) -> Sequence[object]:
    indices, size = arguments
    flat = indices.reshape(-1)
    wrong = (flat < -size) | (flat >= size)
    if wrong.any():
        axis = options.get("axis", 0)
        raise IndexError(
            f"index {flat[wrong.argmax()]} is out of bounds for axis {axis} with size {size}"
        )
    return (np.where(indices < 0, indices + size, indices),)


def _input(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    if arguments:
        host.stdout.write(str(arguments[0]))
    host.stdout.flush()
    line = host.read_line()
    if not line:
        raise EOFError("EOF when reading a line")
    return (line.rstrip("\n"),)


def _stdin(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """Option `name`: read, readline, readlines, lines, an iterator over those that are left, or
    more: whether there is another line."""
    match options["name"]:
        case "more":
            if not host.ahead and (line := host.stdin.readline()):
                host.ahead.append(line)
            return (bool(host.ahead),)
        case "readline":
            return (host.read_line(),)
        case "readlines":
            return (list(iter(host.read_line, "")),)
        case "lines":
            return (iter(host.read_line, ""),)
    size = arguments[0]
    begun = "".join(host.ahead)
    host.ahead.clear()
    if size < 0:
        return (begun + host.stdin.read(),)
    if len(begun) > size:
        host.ahead.append(begun[size:])
        return (begun[:size],)
    return (begun + host.stdin.read(size - len(begun)),)


def _attempt(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    """Another service: which of the exceptions `raises` it raised, 0 for none; the message; the
    result, or anything of its kind."""
    try:
        services = SERVICES if host is None else host.services
        (result,) = services[options["asks"]](host, arguments, options)
    except ProgramError as error:
        name, message = error.exception, error.message
        if name not in options["raises"]:
            raise
    except PYTHON as error:
        name, message = _name(error), str(getattr(error, "key", _message(error)))
        if name not in options["raises"]:
            raise
    else:
        return 0, "", result
    kind = options["result_kind"]
    blank = np.zeros([0] * options["rank"], options["dtype"]) if "rank" in options else (
        _BLANK.get(kind, arguments[0]))  # fmt: skip
    return options["raises"].index(name) + 1, message, blank


_BLANK = {"int": 0, "float": 0.0, "bool": False, "str": "", "bytes": b""}


def _environ(host: Host, arguments: list[Any], options: Mapping[str, Any]) -> Sequence[object]:
    name = arguments[0]
    if name not in os.environ:
        raise KeyError(repr(name))
    return (os.environ[name],)


SERVICES: dict[str, Service] = {
    "attempt": _attempt,
    "argc": lambda host, arguments, options: (len(host.argv),),
    "argv": lambda host, arguments, options: (host.argv[arguments[0]],),
    "arguments": lambda host, arguments, options: (list(host.argv),),
    "print": _print,
    "warn": _warn,
    "format": _format,
    "parse_int": lambda host, arguments, options: (integers.fit(int(*arguments)),),
    "parse_float": lambda host, arguments, options: (float(*arguments),),
    "decode": lambda host, arguments, options: (
        arguments[0].decode("utf-8", options.get("errors", "strict")),
    ),
    "list_to_bytes": lambda host, arguments, options: (bytes(arguments[0]),),
    "exit": _exit,
    "check": _check,
    "check_indices": _check_indices,
    "clock": lambda host, arguments, options: (time.perf_counter(),),
    "time": lambda host, arguments, options: (time.time(),),
    "getcwd": lambda host, arguments, options: (os.getcwd(),),
    "recursion_limit": _set_recursion_limit,
    "levels": _levels,
    "getenv": lambda host, arguments, options: (os.environ.get(*arguments),),
    "environ": _environ,
    "entropy": lambda host, arguments, options: (
        np.frombuffer(os.urandom(8 * arguments[0]), np.int64),
    ),
    "input": _input,
    "stdin": _stdin,
    **{
        name: lambda host, arguments, options, apply=apply: (apply(*arguments),)
        for name, apply in integers.OPERATORS.items()
    },
    **OF_OBJECTS,
    **run_files.SERVICES,
}
