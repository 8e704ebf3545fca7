"""Host services that translated code performs itself: operators, methods, functions on objects.

In: a service's description, the registers of its operands and of its results. Out: lines of Python
that mean what `host.call_service` does, with that call where an operand is no plain object. The one
idea: what an operation does on objects of Python's own classes is the expression that a programmer
would write; what waits for an answer of the program's classes, or copies an array, is left to the
service. Where a program has no such objects (`closed`), nobody asks. What they raise is turned into
the program's exception by `host.as_program_error`.
"""

from __future__ import annotations

import ast
import collections
from collections.abc import Callable, Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from fleet.integers import LEAST, MOST
from fleet.objects.forms import FORMS
from fleet.objects.functions import FUNCTIONS, METHODS
from fleet.objects.instances import EVERY_ATTRIBUTE
from fleet.objects.instances import PLAIN as INSTANCES
from fleet.objects.iterating import Ahead
from fleet.objects.names import Objects
from fleet.objects.services import OPERATORS
from fleet.vm.bytecode import Instruction
from fleet.vm.closed import World
from fleet.vm.services import Service
from fleet.vm.transfer import TensorForm, number_register

PLAIN: frozenset[type] = frozenset((
    int, float, bool, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice,
    type(None), collections.deque, collections.Counter, collections.OrderedDict,
    collections.defaultdict, Ahead,
))  # fmt: skip
"""Classes whose operators ask the program nothing and warn of nothing, of objects that no service
copies."""

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

_IN_PLACE = dict(zip("iadd isub imul itruediv ifloordiv imod".split(),
                     "+ - * / // %".split(), strict=True))  # fmt: skip
"""Operators that may change their first operand, and those that make what they make of numbers."""

STATEMENTS: dict[str, str] = {"setitem": "{0}[{1}] = {2}", "delitem": "del {0}[{1}]"}

CONDITIONS = {"truth": "{0}"}
"""Operators as Python writes them where only their truth is asked for."""

TESTS = frozenset("eq ne lt le gt ge is_ is_not contains not_ truth".split())
"""Operators that are true or false."""

_SCALARS = {"int": "{}", "float": "{}", "bool": "({} != 0)"}
"""Operands in one register each, as the values that a service gets."""


@dataclass(frozen=True)
class Context:
    """What the lines stand among.

    named:   gives a value a name in the translated code
    held:    registers of objects that are in a variable, `k3` for x3, rather than by name
    name_of: the line that gives the object of a register a name, if it needs one, and the register
    test:    a register as what is true or not
    text:    the constant text that a register has, of so many bytes, if it is one
    loose:   registers of texts that are in no memory, and whether their bytes are asked for
    world:   of which classes objects are
    """

    named: Callable[[str, Any], str]
    held: Container[int]
    name_of: Callable[[int], tuple[str, str]]
    test: Callable[[int], str]
    text: Callable[[int, int], str | None]
    loose: Mapping[int, bool]
    world: World


def lines(
    context: Context, service: Service, number: int, results: Sequence[int], operands: Sequence[int]
) -> Iterator[str] | None:
    """The lines that perform it; None where only the service can."""
    if not _is_simple(service):
        return None
    if service.name == "check":
        condition = context.test(operands[0])
        named = filter(None, (context.name_of(one)[0] for one in operands[1:]))
        call = f"host({number}, [{', '.join(['0', *(f'x{one}' for one in operands[1:])])}])"
        return iter((f"if not ({condition}):", *(f"    {line}" for line in (*named, call))))
    given = _Given.of(context, service, operands)
    body = None if given is None else _body(service, given, context.named)
    if given is None or body is None or len(results) != sum(map(_registers, service.results)):
        return None
    if context.world == World.PLAIN or not (body.condition or body.tried):
        return _alone(context, service, results, given, body.action)
    return _guarded(context, service, number, results, operands, given, body)


def test(context: Context, service: Service, operands: Sequence[int]) -> list[str] | None:
    """Lines, and behind them an expression, for a service that tells whether something is so."""
    name = str(service.options.get("name"))
    if not _is_simple(service) or service.result_kinds != ["bool"]:
        return None
    given = _Given.of(context, service, operands)
    if given is None or service.name != "operator" or name not in TESTS:
        return None
    if context.world != World.PLAIN and _allowed(name, given):
        return None
    text = CONDITIONS.get(name, EXPRESSIONS[name])
    return [*given.lines, text.format(*given.values)]


def _is_of_none(name: str, given: _Given) -> bool:
    """Whether it asks for None, as anything may be or not."""
    return name in ("is_", "is_not") and "None" in given.values


def conversion(services: Sequence[Service], item: Instruction) -> str | None:
    """How an instruction makes an int of an object, if it does: a subscript is an int already."""
    if item.mnemonic != "host" or item.operands[1] != 1 or len(item.operands) != 4:
        return None
    service = services[item.operands[0]]
    name = str(service.options.get("name"))
    of_objects = service.kinds == ["object"] and service.result_kinds == ["int"]
    return name if service.name == "function" and name in _OF_INTS and of_objects else None


def _is_simple(service: Service) -> bool:
    """Whether it gives numbers and objects, and does the same wherever it is asked."""
    if any(map(service.options.get, ("printing", "dtypes", "named"))):
        return False
    return all(
        kind in _RESULTS and (form is None if kind != "str" else form is not None and (
            form.shape == (None,)))
        for kind, form in zip(service.result_kinds, service.results, strict=True)
    )  # fmt: skip


def _registers(form: TensorForm | None) -> int:
    """How many hold a value."""
    return 1 if form is None else 1 + form.shape.count(None)


_RESULTS = {
    "object": ("x{0} = take()", "objects[x{0}] = v{1}"),
    "str": ("x{0}, x{2} = keep_text(v{1})",),
    "int": ("x{0} = v{1} if v{1}.__class__ is int else scalar(v{1})",),
    "float": ("x{0} = v{1} if v{1}.__class__ is float else scalar(v{1})",),
    "bool": ("x{0} = 1 if v{1} is True else 0 if v{1} is False else scalar(v{1})",),
}
"""What puts a value in a register, as `Transfer.write` does."""

_HELD = ("k{0} = v{1}",)


@dataclass
class _Given:
    """Operands as expressions, the lines that make these, and which of them are objects."""

    values: list[str]
    lines: list[str]
    objects: list[str]
    world: World

    @staticmethod
    def of(context: Context, service: Service, registers: Sequence[int]) -> _Given | None:
        """None where it takes arrays."""
        made = _Given([], [], [], context.world)
        left = iter(registers)
        if len(registers) != sum(map(_registers, service.operands)):
            return None
        forms = iter(service.operands)
        for kind in service.kinds:
            if kind == "none":
                made.values.append("None")
                continue
            form, register = next(forms), next(left)
            if kind == "object" and form is None:
                name = f"k{register}"
                if register not in context.held:
                    name = f"o{len(made.objects)}"
                    made.lines.append(f"{name} = named(x{register})")
                made.objects.append(name)
                made.values.append(name)
            elif kind in _SCALARS and form is None:
                made.values.append(_SCALARS[kind].format(f"x{register}"))
            elif kind == "str" and form is not None and len(form.shape) == 1:
                size = form.shape[0]
                if register in context.loose:
                    next(left)
                    made.values.append(f"w{register}")
                    continue
                text = None if size is None else context.text(register, size)
                name = f"t{len(made.values)}" if text is None else repr(text)
                if text is None:
                    shown = size if size is not None else f"x{next(left)}"
                    made.lines.append(f"{name} = text(x{register}, {shown})")
                made.values.append(name)
            else:
                return None
        return made

    def taken(self, plain: Container[str] = ()) -> str:
        """The condition that all objects are of classes that functions take, and those named in
        `plain` no instances of the program's."""
        if self.world == World.OPEN:
            return " and ".join(
                f"{name}.__class__ in PLAIN" if name in plain else _taken(name)
                for name in dict.fromkeys(self.objects)
            )
        return " and ".join(f"{name}.__class__ not in INSTANCES"
                            for name in dict.fromkeys(self.objects) if name in plain)  # fmt: skip


def _taken(name: str) -> str:
    """The condition that an object is of a class that functions take: those know what to do with
    instances, whose classes are made while a program runs."""
    return f"({name}.__class__ in PLAIN or {name}.__class__ in INSTANCES)"


_KEYS = frozenset("contains setitem getitem delitem".split())
_COMPARED = frozenset("eq ne is_ is_not truth not_ lt".split())
"""Operators that may meet instances of the program's classes: see `objects.services`."""


def _allowed(name: str, given: _Given) -> str:
    """The condition that an operator may have its operands."""
    if _is_of_none(name, given):
        return ""
    if name in _KEYS:
        return given.taken(given.values[:1])
    return given.taken() if name in _COMPARED else given.taken(given.values)


@dataclass(frozen=True)
class _Body:
    """What it does, and what must hold for that; tried: exceptions by which the action itself tells
    that it is not for these operands, having done nothing."""

    action: str
    condition: str = ""
    tried: str = ""


def _body(service: Service, given: _Given, named: Callable[[str, Any], str]) -> _Body | None:
    name, values = str(service.options.get("name", "")), given.values
    every = ", ".join(values)
    gives = "v0 = " if service.options.get("gives", True) else ""
    taken = given.taken()
    match service.name:
        case "operator" if name in OPERATORS:
            allowed = _allowed(name, given)
            if name in STATEMENTS and not gives:
                return _Body(STATEMENTS[name].format(*values), allowed)
            if name in EXPRESSIONS:
                of_instances = given.world == World.INSTANCES and name in _ARITHMETIC
                tried = "TypeError" * bool(
                    allowed and of_instances and service.result_kinds == ["object"])
                return _Body(gives + EXPRESSIONS[name].format(*values), allowed, tried)
            call = f"{named(f'operator_{name}', OPERATORS[name])}({every})"
            if name in _IN_PLACE and given.objects and "str" not in service.kinds:
                numbers = " and ".join(
                    f"({one}.__class__ is int or {one}.__class__ is float)"
                    for one in dict.fromkeys(given.objects))  # fmt: skip
                call = f"{f' {_IN_PLACE[name]} '.join(values)} if {numbers} else {call}"
            return _Body(f"{gives}{call}", allowed)
        case "format":
            return _Body(f"v0 = {str(service.options['template'])!r}.format({every})", taken)
        case "method" if name in METHODS and service.kinds[0] in ("object", "str"):
            return _Body(f"{gives}{values[0]}.{name}({', '.join(values[1:])})", taken)
        case "function" if name in _OF_INTS:
            call = _called(name, values, named)
            fits = f"{every}.__class__ is int and {LEAST} <= {every} <= {MOST}"
            return _Body(f"v0 = {every} if {fits} else {call}", taken)
        case "function" if name == "to_float" and service.kinds == ["object"]:
            call = _called(name, values, named)
            return _Body(f"v0 = {every} if {every}.__class__ is float else {call}", taken)
        case "function" if name in _OF_CLASSES and values[-1][:1] not in "t":
            return _Body(_of_class(name, values, named))
        case "function" if name == "attribute" and service.kinds == ["object", "str"]:
            action = f"v0 = {values[0]}.{EVERY_ATTRIBUTE}[{values[1]}]"
            return _Body(action, tried="(AttributeError, KeyError)")
        case "function" if name == "set_attribute" and service.kinds == ["object", "str", "object"]:
            owner, key, value = values
            if key == repr("__dict__"):  # all of them
                return None
            held = f" and {_taken(value)}" * (given.world == World.OPEN)
            slots = f"('.' not in {owner}.own or '.' + {key} in {owner}.own)"
            return _Body(f"{owner}.attributes[{key}] = {value}",
                         f"{owner}.__class__ in INSTANCES and {slots}{held}")  # fmt: skip
        case "function" if name in FUNCTIONS:
            return _Body(gives + _called(name, values, named), taken)
        case "build" if service.options.get("form") in FORMS:
            return _Body(gives + _built(service, values, named), taken)
        case "unpack" if "after" not in service.options and int(service.options["count"]):
            targets = "".join(f"v{at}, " for at in range(int(service.options["count"])))
            return _Body(f"{targets}= {values[0]}", (
                f"{values[0]}.__class__ in SEQUENCES and "
                f"len({values[0]}) == {service.options['count']}"))  # fmt: skip
    return None


_ARITHMETIC = frozenset("add sub mul truediv floordiv".split())
"""Operators that change nothing, and that instances of the program's raise TypeError for."""
_OF_CLASSES = frozenset("number_of class_of is_of".split())
"""Functions that ask for the number of an instance's class."""


def _called(name: str, values: list[str], named: Callable[[str, Any], str]) -> str:
    """A call of one of FUNCTIONS."""
    label = "function_" + name.replace(".", "_")
    return f"{named(label, FUNCTIONS[name])}({', '.join(values)})"


def _of_class(name: str, values: list[str], named: Callable[[str, Any], str]) -> str:
    """Numbers of classes are known, or those alone that there may be."""
    owner = values[0]
    instance = f"{owner}.__class__ in INSTANCES"
    call = _called(name, values, named)
    if name == "number_of":
        otherwise = f"-1 if {owner}.__class__ in PLAIN else {call}"
        return f"v0 = {owner}.number if {instance} else {otherwise}"
    numbers = tuple(map(int, ast.literal_eval(values[-1]).split()))
    if name == "is_of":
        return f"v0 = {owner}.number in {numbers} if {instance} else {call}"
    return f"v0 = {owner}.number if {instance} and {owner}.number in {numbers} else {call}"


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
        case "constant":
            made = FORMS["constant"]([], service.options)
            return named(f"constant_{id(made)}", made)
    form, options = service.options["form"], service.options
    make = named(f"form_{form}", FORMS[form])
    return f"{make}([{every}], {named(f'options_{id(options)}', options)})"


def _alone(
    context: Context, service: Service, results: Sequence[int], given: _Given, action: str
) -> Iterator[str]:
    """The action, where no operand can be of another class than it asks for."""
    yield from given.lines
    one = results[0] if len(results) == 1 else None
    name, kind = str(service.options.get("name")), service.result_kinds
    if one in context.held and service.name != "unpack":
        yield f"k{one} = {action.removeprefix('v0 = ')}"
    elif service.name == "unpack" and all(register in context.held for register in results):
        yield f"{''.join(f'k{register}, ' for register in results)}= {given.values[0]}"
    elif service.name == "function" and name in _OF_INTS and kind == ["int"]:
        held, _, otherwise = action.removeprefix("v0 = ").rpartition(" else ")
        yield f"x{one} = {held} else scalar({otherwise})"
    elif service.name == "operator" and kind == ["bool"] and name in TESTS:
        text = CONDITIONS.get(name, EXPRESSIONS[name]).format(*given.values)
        yield f"x{one} = 1 if {text} else 0"
    else:
        yield action
        yield from _kept(context, service, results)


def _kept(context: Context, service: Service, results: Sequence[int]) -> Iterator[str]:
    """The results in their registers."""
    left = iter(results)
    for at, kind in enumerate(service.result_kinds):
        register = next(left)
        size = next(left) if kind == "str" else None
        if register in context.loose:
            yield f"w{register} = v{at}"
            if context.loose[register]:
                yield f'b{register} = w{register}.encode("utf-8", "surrogateescape")'
                yield f"x{size} = len(b{register})"
            continue
        for line in _HELD if register in context.held else _RESULTS[kind]:
            yield line.format(register, at, size)


def _guarded(
    context: Context, service: Service, number: int, results: Sequence[int],
    operands: Sequence[int], given: _Given, body: _Body,
) -> Iterator[str]:  # fmt: skip
    action = body.action
    yield from given.lines
    yield "try:" if body.tried else f"if {body.condition}:"
    if len(results) == 1 and results[0] in context.held and action.startswith("v0 = "):
        yield f"    k{results[0]} = {action.removeprefix('v0 = ')}"
    else:
        for line in (action, *_kept(context, service, results)):
            yield f"    {line}"
    yield f"except {body.tried}:" if body.tried else "else:"
    for register in dict.fromkeys(operands):
        if line := context.name_of(register)[0]:
            yield f"    {line}"
    targets = "".join(f"x{one}, " for one in results)
    call = f"host({number}, [{', '.join(f'x{one}' for one in operands)}])"
    yield f"    {targets}{'= ' * bool(targets)}{call}"
    for register in results:
        if register in context.held:
            yield f"    k{register} = named(x{register})"


CLASSES: dict[str, Set[type]] = {
    "PLAIN": PLAIN, "INSTANCES": INSTANCES, "SEQUENCES": _SEQUENCES,
}
"""By their names in translated code."""


def environment(objects: Objects) -> dict[str, Any]:
    """What the lines name."""
    return {
        "names": objects, "objects": objects.by_name, "take": objects.new_name,
        "held": objects.held, "name": objects.name_of, "named": objects.by_name.get,
        "END": object(), "scalar": number_register, **CLASSES,
    }  # fmt: skip
