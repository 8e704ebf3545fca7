"""Strings and bytes at run time: concatenation, methods, and every way of making text from values.

In: Texts, and any values inside formats. Out: Texts, by tensor operations on UTF-8 bytes and by
host services. The one idea: text with run-time parts is one template (`str.format`'s) whose fields
are run-time values; all that is known now is already in the template.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fleet.dialects import numpy, tensor
from fleet.evaluator.values import classes, exceptions, numbers, objects, sizes
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.heap import Attributes, Dict, List, Set
from fleet.evaluator.values.ndarrays import (
    arrays,
    elementwise,
    reductions,
    selections,
    tensors,
    views,
)
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Tensor,
    Text,
    Then,
    Union,
    dim_type,
    is_run_time_list,
    type_name,
)
from fleet.ir.core import Value
from fleet.ir.types import f64, i64

_BYTE = np.dtype("uint8")
Part = str | tuple[Any, str, str]
"""A piece of text: itself, or (value, conversion such as `!r`, format specification)."""


def as_tensor(text: Text) -> Tensor:
    return Tensor(text.native, (text.size,), _BYTE)


def is_text(value: object) -> bool:
    return isinstance(value, Text | str | bytes)


def kind_of(value: Text | str | bytes) -> str:
    return value.kind if isinstance(value, Text) else "str" if isinstance(value, str) else "bytes"


def concatenate(e: Emitter, a: Text | str | bytes, b: Text | str | bytes) -> Text:
    left, right = e.text(a), e.text(b)
    if left.kind != right.kind:
        other = "bytes" if left.kind == "str" else "str"
        message = f'can only concatenate str (not "{other}") to str'
        raise TypeError(message if left.kind == "str" else "can't concat str to bytes")
    size = sizes.plus(left.size, right.size)
    kind = tensor_type(dim_type((size,)), _BYTE)
    made = e.value(numpy.concatenate, [left.native, right.native], types=[kind], axis=0)
    return beginning(Text(e, left.kind, made, size), a)


def beginning(made: Text, first: Any) -> Text:
    """A text that begins with what this value is."""
    made.begins = first if isinstance(first, str) else getattr(first, "begins", "")
    return made


def length(e: Emitter, text: Text) -> int | Number:
    """len(text): bytes, or characters of a str (bytes that do not continue one)."""
    if text.kind == "bytes":
        return e.dim(text.native, 0, text.size)
    data = tensors.wrap(e, as_tensor(text))
    head = elementwise.ufunc(e, "bitwise_and", data, np.uint8(0xC0))
    starts = elementwise.ufunc(e, "not_equal", head, np.uint8(0x80))
    counts = arrays.cast(e, starts, np.dtype("int64"))
    total = tensors.to_number(e, reductions.reduce(e, "sum", counts, (0,), False))
    total.size = sizes.length()
    return total


def equal(e: Emitter, a: Text | str | bytes, b: Text | str | bytes) -> Number | bool:
    """Whether two texts are the same."""
    if kind_of(a) != kind_of(b):
        return False
    left, right = e.text(a), e.text(b)
    here, there = (e.dim(text.native, 0, text.size) for text in (left, right))
    same_length = numbers.compare(e, "eq", here, there)
    if same_length is False:
        return False
    common = numbers.minimum(e, here, there)
    heads = [
        tensors.wrap(e, views.slice_tensor(e, as_tensor(text), [(0, common, 1)]))
        for text in (left, right)
    ]
    if tensors.dims_of(heads[0]) != tensors.dims_of(heads[1]):
        return False
    agree = reductions.reduce(e, "all", elementwise.ufunc(e, "equal", *heads), (0,), False)
    return numbers.both(e, same_length, tensors.to_number(e, arrays.asarray(e, agree)))


def get_item(e: Emitter, text: Text, key: Any) -> Any:
    """Bytes by position or slice."""
    if text.kind == "str":
        raise e.error(
            "subscripts of a str that is known at run time only are not supported",
            "encode it, take the bytes, and decode them",
        )
    size = e.dim(text.native, 0, text.size)
    if isinstance(key, slice):
        part, _ = selections.of_slice(e, as_tensor(text), key, size)
        return Text(e, "bytes", part.value, part.dims[0])
    at = views.position_of(e, key, size, "index out of range")
    byte = e.value(tensor.extract, text.native, [e.index(at)], types=[text.native.type.element])
    return Number(e, "int", e.value(numpy.cast, byte, types=[i64]), sizes.fresh(0, 255))


def encode(e: Emitter, text: Text, encoding: str = "utf-8", errors: str = "strict") -> Text:
    if not _is_utf8(encoding):
        e.uncatchable("UnicodeEncodeError")
        return objects.method(e, text, "encode", [encoding, errors], {})
    return Text(e, "bytes", text.native, text.size)


def decode(e: Emitter, text: Text, encoding: str = "utf-8", errors: str = "strict") -> Text:
    if errors == "strict":
        e.uncatchable("UnicodeDecodeError")
    if not _is_utf8(encoding):
        return objects.method(e, text, "decode", [encoding, errors], {})
    return e.host_text("decode", "str", [text.native], ["bytes"], errors=errors)


def _is_utf8(encoding: Any) -> bool:
    return isinstance(encoding, str) and encoding.lower().replace("_", "-") in ("utf-8", "utf8")


METHODS = {("str", "encode"): encode, ("bytes", "decode"): decode}


def to_list(e: Emitter, text: Text) -> List:
    """list(bytes)."""
    if text.kind == "str":
        raise e.error(
            "the characters of a str that is known at run time only cannot be listed",
            "list its bytes: list(text.encode())",
        )
    part = tensors.cast_tensor(e, tensors.wrap(e, as_tensor(text)), np.dtype("int64"))
    return List(e.heap, run_time=Numbers(e, "int", part.value, text.size))


def from_list(e: Emitter, items: Numbers) -> Text:
    """bytes(list): ValueError outside 0 ... 255."""
    raises = ("ValueError",)
    return e.attempt_text("list_to_bytes", "bytes", [items.native], ["list"], raises)


def to_int(e: Emitter, text: Text) -> Number:
    made = e.attempt("parse_int", [text.native], [text.kind], ("int", i64), ("ValueError",))
    return Number(e, "int", made)


def to_float(e: Emitter, text: Text) -> Number:
    made = e.attempt("parse_float", [text.native], [text.kind], ("float", f64), ("ValueError",))
    return Number(e, "float", made)


# -- text from values


def operand(e: Emitter, value: Any) -> tuple[str, Value]:
    """A run-time value as a host service takes it: (kind, SSA value)."""
    match value:
        case Number():
            return value.kind, e.plain(value)
        case Text():
            return value.kind, value.native
        case Numbers() if value.is_mixed:
            return "object", value.boxed().native
        case Numbers():
            return "list", value.native
        case Object():
            return "object", value.native
        case List():
            return operand(e, value.run_time)
        case Array():
            return ("scalar" if value.scalar else "array"), tensors.tensor(e, value).value
    raise e.error(f"a {value.type_name} that is known at run time only cannot be shown as text")


def has_run_time(value: Any) -> bool:
    """Whether the value, or something that its text shows, is known at run time only."""
    match value:
        case Array():
            return value.known is None
        case Then():
            return True
        case list():
            return is_run_time_list(value) or any(map(has_run_time, value))
        case tuple() | set() | frozenset():
            return any(map(has_run_time, value))
        case dict():
            return any(map(has_run_time, value.values()))
        case slice():
            return any(map(has_run_time, (value.start, value.stop, value.step)))
        case BaseException():
            return any(map(has_run_time, exceptions.arguments_of(value)))
    shown = classes.of_ours(value, "shown_items")
    return shown is not None and any(map(has_run_time, shown()))


def shows_late(value: Any) -> bool:
    """Whether only run time knows a value's text, by what it holds or by how NumPy prints."""
    return has_run_time(value) or any(one.e.prints_late() for one in _arrays_in(value))


def _arrays_in(value: Any) -> Iterator[Array]:
    """The arrays that a known value shows."""
    if isinstance(value, Array):
        yield value
    elif isinstance(value, dict):
        yield from _arrays_in(tuple(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            if not isinstance(one, str | int | float):
                yield from _arrays_in(one)
    elif isinstance(value, BaseException):
        yield from _arrays_in(exceptions.arguments_of(value))
    else:
        shown = classes.of_ours(value, "shown_items")
        if shown is not None:
            yield from _arrays_in(tuple(shown()))


def parts_of(value: Any, conversion: str = "", spec: str = "") -> list[Part]:
    """The text of a value as pieces; containers are taken apart down to their run-time items."""
    if classes.is_made(value.kind if type(value) is Object else type(value)):
        found = _own_text(value, conversion, spec)
        if found is not None:
            return found
    if not shows_late(value) and not holds_instances(value):
        shown = repr(value) if conversion == "!r" else ascii(value) if conversion == "!a" else value
        if isinstance(shown, Array):
            shown = shown.known
        return [format(str(shown) if conversion == "!s" else shown, spec)]
    if type(value) is Object:
        own = value.e.text_of_instance(value, conversion, "" if conversion else spec)
        if own is not None:
            return [(own, "", spec if conversion else "")]
    if isinstance(value, Array) and not spec:
        own = value.e.shown_by_formatter(value, conversion)
        if own is not None:
            return [(own, "", "")]
    if isinstance(value, Array | Number | Text | Object) or is_run_time_list(value):
        return [(value, conversion, spec)]
    if isinstance(value, Union):
        shown = value.e.split(value, lambda one: compose(value.e, parts_of(one, conversion, spec)))
        return [shown if isinstance(shown, str) else (shown, "", "")]
    if spec:
        if not conversion:
            name = type_name(value)
            raise TypeError(f"unsupported format string passed to {name}.__format__")
        return _padded(parts_of(value, conversion), spec)
    own = classes.of_ours(value, "text_parts")
    if own is not None:
        return own(parts_of)
    if isinstance(value, BaseException):
        return of_exception(value, conversion)
    if isinstance(value, Range):
        bounds = [value.start, value.stop] + ([] if value.step == 1 else [value.step])
        return _joined("range(", bounds, ")")
    if isinstance(value, slice):
        return _joined("slice(", [value.start, value.stop, value.step], ")")
    if isinstance(value, list):
        return _joined("[", value, "]")
    if isinstance(value, tuple):
        return _joined("(", value, ",)" if len(value) == 1 else ")")
    if isinstance(value, dict):
        parts: list[Part] = ["{"]
        for number, (key, item) in enumerate(value.items()):
            parts += [", " if number else "", *parts_of(key, "!r"), ": ", *parts_of(item, "!r")]
        return [*parts, "}"]
    if isinstance(value, set | frozenset):
        name = "" if isinstance(value, set) else "frozenset("
        return _joined(name + "{", value, "}" + (")" if name else ""))
    raise value.needed_now("the text of this value")


parts_of.takes_unions = True


def holds_instances(value: Any) -> bool:
    """Whether the text of a container has that of instances of the program's classes in it."""
    if type(value) in (tuple, set, frozenset, List, Set):
        return any(classes.is_made(type(item)) or holds_instances(item) for item in value)
    if type(value) in (dict, Dict, Attributes):
        return any(map(holds_instances, value.items()))
    shown = classes.of_ours(value, "shown_items")
    return shown is not None and holds_instances(tuple(shown()))


def _own_text(value: Any, conversion: str, spec: str) -> list[Part] | None:
    """The text that a class of the program gives its instances, which may be run-time text.

    None when Python's own methods give it.
    """
    kind = value.kind if type(value) is Object else type(value)
    name = {"": "__format__", "!s": "__str__"}.get(conversion, "__repr__")
    if name == "__format__" and not classes.defines(kind, name):
        if kind.__format__ is not object.__format__:
            return None
        if spec:
            raise TypeError(f"unsupported format string passed to {kind.__name__}.__format__")
        name = "__str__"
    if name == "__str__" and kind.__str__ is object.__str__:
        name = "__repr__"
    if not classes.defines(kind, name):
        return None
    given = (spec,) if name == "__format__" else ()
    text = getattr(kind, name)(value, *given)
    if type(text) is Object and text.kind is None and name != "__format__":
        text = objects.function(text.e, "text_given", [text, name], "str")
    if not isinstance(text, str) and not (isinstance(text, Text) and text.kind == "str"):
        if name == "__format__":
            raise TypeError(f"__format__ must return a str, not {type_name(text)}")
        raise TypeError(f"{name} returned non-string (type {type_name(text)})")
    rest = "" if name == "__format__" else spec
    if conversion == "!a":
        if isinstance(text, Text):
            raise text.needed_now("ascii()")
        text = _ascii(text)
    return parts_of(text, "", rest)


def of_exception(value: BaseException, conversion: str) -> list[Part]:
    """The text of an exception with run-time arguments."""
    if conversion in ("!r", "!a"):
        closing = ")"
        return _joined(type(value).__name__ + "(", value.args, closing)
    if len(value.args) == 1:
        return parts_of(value.args[0], "!r" if isinstance(value, KeyError) else "!s")
    if isinstance(value, OSError) and len(value.args) == 2:
        number, words = value.args
        file = [] if value.filename is None else [": ", *parts_of(value.filename, "!r")]
        if value.filename2 is not None:
            file += [" -> ", *parts_of(value.filename2, "!r")]
        return ["[Errno ", *parts_of(number), "] ", *parts_of(words), *file]
    return parts_of(value.args, "!s")


def _padded(parts: list[Part], spec: str) -> list[Part]:
    """A text in pieces, one of them of run time, by a format specification."""
    e = next(part[0].e for part in parts if not isinstance(part, str))
    return [(compose(e, parts), "", spec)]


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _joined(opening: str, items: Any, closing: str) -> list[Part]:
    parts: list[Part] = [opening]
    for number, item in enumerate(items):
        parts += [", " if number else "", *parts_of(item, "!r")]
    return [*parts, closing]


def compose(e: Emitter, parts: list[Part]) -> str | Text:
    """The text made of the pieces."""
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    template, kinds, values = [], [], []
    for part in parts:
        if isinstance(part, str):
            template.append(escape(part))
            continue
        value, conversion, spec = part
        kind, native = operand(e, value)
        template.append(f"{{{conversion}{':' if spec else ''}{spec}}}")
        kinds.append(kind)
        values.append(native)
    if template in (["{}"], ["{!s}"]) and kinds == ["str"]:
        return parts[0][0] if isinstance(parts[0], tuple) else ""
    raises = ("ValueError", "TypeError") if spec_may_fail(parts) else ()
    made = e.attempt_text("format", "str", values, kinds, raises, template="".join(template))
    return beginning(made, parts[0])


def formatted(e: Emitter, template: str, values: list[Any]) -> str | Text:
    """The message of a check, with its values filled in."""
    if not values:
        return template.format()
    kinds, natives = zip(*[operand(e, value) for value in values], strict=True)
    return e.host_text("format", "str", list(natives), list(kinds), template=template)


def specified(e: Emitter, value: Any, conversion: str, spec: Text) -> list[Part]:
    """A replacement field whose format specification only run time knows."""
    shown = to_text(e, value, conversion) if conversion else value
    return [(objects.function(e, "format", [shown, spec], "str"), "", "")]


def spec_may_fail(parts: list[Part]) -> bool:
    return any(isinstance(part, tuple) and part[2] and not _spec_fits(*part) for part in parts)


def _spec_fits(value: Any, conversion: str, spec: str | Text) -> bool:
    """Whether a specification is right for every value that a number may have. Of those for ints
    only `c` looks at the value."""
    sample: Any = None
    if isinstance(value, Number):
        sample = {"int": 1, "float": 1.5}.get(value.kind)
    elif isinstance(value, Array) and value.scalar and value.dtype.kind in "iuf":
        sample = value.dtype.type(1)
    if conversion or sample is None or not isinstance(spec, str) or spec.endswith("c"):
        return False
    try:
        format(sample, spec)
    except (ValueError, OverflowError, MemoryError):
        return False
    return True


def escape(text: str) -> str:
    """Text as str.format gives it back unchanged."""
    return text.replace("{", "{{").replace("}", "}}")


def to_text(e: Emitter, value: Any, conversion: str = "!s") -> str | Text:
    """str(value), or with another conversion `!r` repr(value)."""
    return compose(e, parts_of(value, conversion))


to_text.takes_unions = True


def show(e: Emitter, values: tuple, sep: str | None, end: str | None, file: str) -> None:
    """print(*values): known text is joined now, run-time values go to the host by kind."""
    kinds, natives = [], []
    sep, end = " " if sep is None else sep, "\n" if end is None else end
    pieces: list[Any] = []
    for value in values:
        direct = isinstance(value, Array | Number | Text) or is_run_time_list(value)
        plain = direct and shows_late(value) and "formatter" not in e.printing()
        shown = value if plain else to_text(e, value)
        if isinstance(shown, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += sep + shown
        else:
            pieces.append(shown)
    for piece in pieces:
        kind, native = operand(e, e.text(piece) if isinstance(piece, str) else piece)
        kinds.append(kind)
        natives.append(native)
    e.host("print", natives, kinds, sep=sep, end=end, file=file)


def join(e: Emitter, separator: str | Text, items: list) -> str | Text:
    """separator.join(items)."""
    result: Any = None
    for item in items:
        if not is_text(item):
            raise TypeError("sequence item: expected str instance")
        result = item if result is None else result + separator + item
    return "" if result is None else result
