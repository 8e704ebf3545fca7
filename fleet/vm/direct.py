"""Host services that translated code performs itself: operators, methods, functions on objects.

In: a service's description, the registers of its operands and of its results. Out: lines of Python
that mean what `host.call_service` does, with that call where an operand is no plain object. The one
idea: what an operation does on objects of Python's own classes is the expression that a programmer
would write; what waits for an answer of the program's classes, or copies an array, is left to the
service. What they raise is turned into the program's exception by `host.as_program_error`.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from fleet.integers import LEAST, MOST
from fleet.objects.forms import FORMS
from fleet.objects.functions import FUNCTIONS, METHODS
from fleet.objects.instances import Instance
from fleet.objects.iterating import Ahead
from fleet.objects.names import Objects
from fleet.objects.services import OPERATORS
from fleet.vm.services import Service
from fleet.vm.transfer import number_register

PLAIN: frozenset[type] = frozenset((
    int, float, bool, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice,
    type(None), collections.deque, collections.Counter, collections.OrderedDict,
    collections.defaultdict, Ahead,
))  # fmt: skip
"""Classes whose operators ask the program nothing and warn of nothing, of objects that no service
copies."""

TAKEN: frozenset[type] = PLAIN | {Instance}
"""Classes of what functions may take: those know what to do with instances."""

EXPRESSIONS: dict[str, str] = {
    **{
        name: f"{{0}} {sign} {{1}}"
        for name, sign in zip(
            "add sub mul truediv floordiv mod and_ or_ xor eq ne lt le gt ge is_ is_not".split(),
            "+ - * / // % & | ^ == != < <= > >= is".split() + ["is not"], strict=True,
        )
    },
    "getitem": "{0}[{1}]", "contains": "{1} in {0}", "not_": "not {0}", "neg": "-{0}",
    "truth": "True if {0} else False",
}  # fmt: skip
"""Operators that give something, as Python writes them."""

_OF_INTS = frozenset(("int", "to_index", "to_subscript"))
"""Functions that give an int of 64 bits as it is."""

STATEMENTS: dict[str, str] = {"setitem": "{0}[{1}] = {2}", "delitem": "del {0}[{1}]"}

_SCALARS = {"int": "{}", "float": "{}", "bool": "({} != 0)"}
"""Operands in one register each, as the values that a service gets."""


def lines(
    service: Service,
    number: int,
    results: Sequence[int],
    operands: Sequence[int],
    named: Callable[[str, Any], str],
    held: Container[int] = (),
    holding: Container[int] = (),
) -> Iterator[str] | None:
    """The lines that perform it; None where only the service can.

    named:   gives a value a name in the translated code
    held:    registers of operands whose objects have no name of the run's: `k3` is that of x3
    holding: registers of results that are to be held so
    """
    if any(map(service.options.get, ("printing", "dtypes", "named"))) or None in (
        *map(_SCALARS.get, (kind for kind in service.kinds if kind not in ("object", "none"))),
        *map(_RESULTS.get, service.result_kinds),
    ):
        return None
    if not all(form is None for form in (*service.operands, *service.results)):
        return None
    if service.name == "check":
        call = f"host({number}, [{', '.join(f'x{one}' for one in operands)}])"
        return iter((f"if not x{operands[0]}: {call}",))
    given = _Given(service, operands, held)
    body = _body(service, given.values, named)
    if body is None or len(results) != len(service.result_kinds):
        return None
    return _guarded(service, number, results, operands, given, body, holding)


_RESULTS = {
    "object": ("x{0} = take()", "objects[x{0}] = v{1}"),
    "int": ("x{0} = v{1} if v{1}.__class__ is int else scalar(v{1})",),
    "float": ("x{0} = v{1} if v{1}.__class__ is float else scalar(v{1})",),
    "bool": ("x{0} = 1 if v{1} is True else 0 if v{1} is False else scalar(v{1})",),
}
"""What puts a value in a register, as `Transfer.write` does."""

_HELD = ("k{0} = v{1}",)


class _Given:
    """Operands as expressions, the lines that make these, and which of them are objects."""

    def __init__(
        self, service: Service, registers: Sequence[int], held: Container[int]
    ) -> None:
        self.values: list[str] = []
        self.lines: list[str] = []
        self.objects: list[str] = []
        self.unnamed = [register for register in registers if register in held]
        left = iter(registers)
        for kind in service.kinds:
            if kind == "none":
                self.values.append("None")
            elif kind == "object":
                register = next(left)
                name = f"o{len(self.objects)}"
                found = f"k{register}" if register in held else f"named(x{register})"
                self.lines.append(f"{name} = {found}")
                self.objects.append(name)
                self.values.append(name)
            else:
                self.values.append(_SCALARS[kind].format(f"x{next(left)}"))


def _body(
    service: Service, values: list[str], named: Callable[[str, Any], str]
) -> tuple[str, frozenset[type], str] | None:
    """What it does, the classes that its operands may have for that, and what else must hold."""
    name = str(service.options.get("name", ""))
    every = ", ".join(values)
    gives = "v0 = " if service.options.get("gives", True) else ""
    match service.name:
        case "operator" if name in STATEMENTS and not gives:
            return STATEMENTS[name].format(*values), PLAIN, ""
        case "operator" if name in EXPRESSIONS:
            return gives + EXPRESSIONS[name].format(*values), PLAIN, ""
        case "operator" if name in OPERATORS:
            return f"{gives}{named(f'operator_{name}', OPERATORS[name])}({every})", PLAIN, ""
        case "method" if name in METHODS and service.kinds[0] == "object":
            return f"{gives}{values[0]}.{name}({', '.join(values[1:])})", PLAIN, ""
        case "function" if name in _OF_INTS:
            call = f"{named('function_' + name, FUNCTIONS[name])}({every})"
            fits = f"{every}.__class__ is int and {LEAST} <= {every} <= {MOST}"
            return f"v0 = {every} if {fits} else {call}", TAKEN, ""
        case "function" if name in FUNCTIONS:
            label = "function_" + name.replace(".", "_")
            return f"{gives}{named(label, FUNCTIONS[name])}({every})", TAKEN, ""
        case "build" if service.options.get("form") in FORMS:
            return gives + _built(service, values, named), TAKEN, ""
        case "unpack" if "after" not in service.options and int(service.options["count"]):
            targets = "".join(f"v{at}, " for at in range(int(service.options["count"])))
            return f"{targets}= {values[0]}", _SEQUENCES, (
                f"len({values[0]}) == {service.options['count']}")  # fmt: skip
    return None


_SEQUENCES: frozenset[type] = frozenset((list, tuple))


def _built(service: Service, values: list[str], named: Callable[[str, Any], str]) -> str:
    every = ", ".join(values)
    match service.options["form"]:
        case "list":
            return f"[{every}]"
        case "tuple":
            return f"({every},)" if values else "()"
        case "object":
            return values[0]
    form, options = service.options["form"], service.options
    make = named(f"form_{form}", FORMS[form])
    return f"{make}([{every}], {named(f'options_{id(options)}', options)})"


def _guarded(
    service: Service, number: int, results: Sequence[int], operands: Sequence[int],
    given: _Given, body: tuple[str, frozenset[type], str], holding: Container[int],
) -> Iterator[str]:  # fmt: skip
    action, classes, condition = body
    group = next(name for name, found in CLASSES.items() if found is classes)
    conditions = [f"{name}.__class__ in {group}" for name in given.objects]
    conditions += [condition] * bool(condition)
    yield from given.lines
    if conditions:
        yield f"if {' and '.join(conditions)}:"
    inner = "    " * bool(conditions)
    yield inner + action
    for at, (register, kind) in enumerate(zip(results, service.result_kinds, strict=True)):
        for line in _HELD if register in holding else _RESULTS[kind]:
            yield inner + line.format(register, at)
    if conditions:
        yield "else:"
        for register in given.unnamed:
            yield f"    x{register} = take()"
            yield f"    objects[x{register}] = k{register}"
        targets = "".join(f"x{one}, " for one in results)
        call = f"host({number}, [{', '.join(f'x{one}' for one in operands)}])"
        yield f"    {targets}{'= ' * bool(targets)}{call}"
        for register in results:
            if register in holding:
                yield f"    k{register} = named(x{register})"


CLASSES: dict[str, frozenset[type]] = {
    "PLAIN": PLAIN, "TAKEN": TAKEN, "SEQUENCES": _SEQUENCES,
}  # fmt: skip
"""By their names in translated code."""


def environment(objects: Objects) -> dict[str, Any]:
    """What the lines name."""
    return {
        "names": objects, "objects": objects.by_name, "take": objects.new_name,
        "named": objects.by_name.get, "scalar": number_register, **CLASSES,
    }  # fmt: skip
