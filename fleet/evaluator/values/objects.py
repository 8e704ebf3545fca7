"""The run's objects: Python data of which only run time knows what it is.

In: Objects (see `then`) and any other values. Out: host services that do what Python does with
them, and their results as Numbers, Texts or Objects. The one idea: an operation on an object is one
service whatever the object turns out to be; what its result is, is said here where Python's rules
tell it for every type (a comparison gives a bool, `.split()` a list), and is an Object elsewhere.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from fleet.evaluator.values import array_tuples, classes, fixed, numbers
from fleet.evaluator.values.emitter import SCALARS, Emitter
from fleet.evaluator.values.heap import Composite, Dict, List, Set, Slotted, is_late
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.number_lists import TEXTS, Items, held_by, site_of
from fleet.evaluator.values.single import ROW, is_known_object_array
from fleet.evaluator.values.then import (
    Array,
    Number,
    Numbers,
    Object,
    Range,
    Text,
    Then,
    Unbound,
    Union,
    type_name,
)
from fleet.ir.core import Value
from fleet.ir.types import TensorType, i64, ui8
from fleet.objects.draws import FLOATS as RANDOM_FLOATS
from fleet.objects.exact_numbers import DATES, EXACT, GIVES, NUMBERS, RAISED

Gives = str | type | None
"""What a service gives: int float bool str bytes, a class for an Object of it, `object` for one of
any, None for nothing."""

OPERATORS = {"and": "and_", "or": "or_", "xor": "xor"}
"""Special methods whose names are not those of the `operator` module."""
_COMPARISONS = frozenset("eq ne lt le gt ge contains is_ is_not truth not_".split())
_FORMS: dict[str, Gives] = {
    "record": "object", "constant": "object", **{kind.__name__: kind for kind in (
        tuple, list, set, frozenset, dict, slice, range, collections.Counter, collections.deque,
        collections.OrderedDict, collections.defaultdict,
    )},
}  # fmt: skip

_STR = """capitalize casefold center expandtabs format join ljust lower lstrip removeprefix
    removesuffix replace rjust rstrip strip swapcase title translate upper zfill""".split()
_INT = "count find index rfind rindex bit_length bit_count".split()
_BOOL = """endswith isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier islower
    isnumeric isprintable isspace issubset issuperset istitle isupper startswith
    is_integer""".split()
_NOTHING = """add append appendleft clear difference_update discard extend extendleft insert
    intersection_update move_to_end remove reverse rotate sort subtract
    symmetric_difference_update update""".split()
_METHODS: dict[str, Gives] = {
    **dict.fromkeys(_INT, "int"), **dict.fromkeys(_BOOL, "bool"), **dict.fromkeys(_NOTHING),
    "split": list, "rsplit": list, "splitlines": list, "partition": tuple, "rpartition": tuple,
    "popitem": tuple, "most_common": list, "hex": "str", "tolist": "object", "elements": "object",
    "to_bytes": "bytes", "findall": list, "subn": tuple, "getstate": tuple, "setstate": None,
    "shuffle": None, "seed": None, "sample": list, "choices": list, "randbytes": "bytes",
    "randint": "int", "randrange": "int", "getrandbits": int,
    **dict.fromkeys(RANDOM_FLOATS, "float"),
}  # fmt: skip
"""What methods give, whosever they are; those that texts have and give texts are apart."""
KEPT = frozenset("append appendleft insert setdefault get pop add shuffle".split())
"""Methods after which an object is still held that was given to them."""
_FILLING = frozenset("append appendleft insert".split())
_OF_BYTES = frozenset("append insert extend".split())
"""Methods of a bytearray that fail where they are given no byte."""
_TAKING = frozenset("pop popleft".split())


def operand(e: Emitter, value: Any, kept: bool = True) -> tuple[str, Value | None]:
    """A value as a service takes it: (kind, SSA value, None where there is none).

    kept: whether the service may go on holding it; a container of now must then be one of run time.
    Raises FleetError for what no service takes.
    """
    match value:
        case Object():
            if value.factory is not None and kept:
                raise _refused(e, value)
            return "object", value.native
        case int() | float() | str() if fixed.is_member(value):
            made = e.boxed(value)
            if made is None:
                raise _refused(e, value)
            return "object", made.native
        case int() | float() | str() if kept and classes.is_of_numbers(value):
            raise e.heap.outgrown(value, _refused(e, value))
        case Number():
            return value.kind, e.plain(value)
        case Text():
            return value.kind, value.native
        case None:
            return "none", None
        case Array() if value.scalar:
            e.scalars.add(value.dtype.type)
            return "scalar", tensors.tensor(e, value).value
        case complex() if not isinstance(value, np.generic):
            made = function(e, "complex", [value.real, value.imag], complex)
            return "object", made.native
        case np.generic():
            e.scalars.add(type(value))
            return "scalar", tensors.tensor(e, arrays.asarray(e, np.asarray(value))).value
        case bool() | float():
            number = e.number(value)
            return number.kind, e.plain(number)
        case int():
            return _int_operand(e, value)
        case str() | bytes():
            text = e.text(value)
            return text.kind, text.native
        case Numbers() if value.is_mixed:
            return "object", value.boxed().native
        case Numbers():
            return "list", value.native
        case Array() if value.cell.keeper is not None and not value.steps:
            return "object", value.cell.keeper.native
        case Array():
            return "array", tensors.tensor(e, value).value
    return "object", box(e, value, kept).native


def _int_operand(e: Emitter, value: int) -> tuple[str, Value]:
    if -(1 << 63) <= value < 1 << 63:
        return "int", e.plain(e.number(value))
    return "object", function(e, "long", [str(value)], int).native


def box(e: Emitter, value: Any, kept: bool = True) -> Object:
    """A value as one of the run's objects."""
    if isinstance(value, Object):
        operand(e, value, kept)
        return value
    if isinstance(value, Numbers) and value.is_mixed:
        return value.boxed()
    if type(value) is Union:
        made = e.split(value, lambda one: box(e, one, kept))
        return made if isinstance(made, Object) else box(e, made, kept)
    source = classes.of_ours(value, "object_source")
    if source is not None:
        return source()
    whole = classes.of_ours(value, "as_object")
    if whole is not None:
        if kept:
            raise e.heap.outgrown(value)
        return whole()
    whole = e.boxed(value)
    if whole is not None:
        return whole
    if classes.is_made(type(value)):
        raise e.heap.outgrown(value, _refused(e, value))
    if isinstance(value, Composite) and getattr(value, "hosted", None) is not None:
        raise e.heap.outgrown(value, _refused(e, value))
    if classes.of_ours(value, "made_by_host") is not None:
        raise e.heap.outgrown(value, _refused(e, value))
    parts = _parts_of(value)
    if parts is None:
        kind, native = operand(e, value) if _is_plain(value) else (None, None)
        if kind is None:
            raise _refused(e, value)
        return _ask(e, "build", [(kind, native)], _class_of(value) or "object", form="object")
    if kept and type(value) not in _FIXED:
        raise e.heap.outgrown(value)
    return make(e, value)


_FIXED = (tuple, frozenset, range, slice, Range, Numbers)
"""Classes of values that do not change, so that another one is as good."""


def _is_plain(value: Any) -> bool:
    return value is None or (isinstance(
        value, Number | Text | bool | int | float | complex | str | bytes | np.generic
    ) and not classes.is_of_numbers(value)) or (isinstance(value, Array) and value.scalar)


def _class_of(value: Any) -> type | None:
    if isinstance(value, Number | Text):
        return {"int": int, "float": float, "bool": bool, "str": str, "bytes": bytes}[value.kind]
    return None if isinstance(value, Then) else type(value)


def _refused(e: Emitter, value: Any) -> Exception:
    return e.error(
        f"a {type_name(value)} cannot be kept in a list, dict or set that run time changes",
        "numbers, texts, None, and tuples, lists, dicts and sets of them can",
    )


def _parts_of(value: Any) -> tuple[str, Sequence[Any], dict[str, Any]] | None:
    """(form, what it is made of, options) of a container; None for what is none."""
    own = classes.of_ours(value, "object_parts")
    if own is not None:
        return own()
    kind = type(value)
    if kind is Dict or kind is dict:
        return "dict", [part for pair in value.items() for part in pair], {}
    if kind in _PLAIN_FORMS:
        return _PLAIN_FORMS[kind], list(value), {}
    match value:
        case List() if kind is List:
            return "list", value, {}
        case Range():
            return "range", [value.start, value.stop, value.step], {}
        case range():
            return "range", [value.start, value.stop, value.step], {}
        case slice():
            return "slice", [value.start, value.stop, value.step], {}
        case Numbers():
            return "list", value, {}
    return None


_PLAIN_FORMS = {tuple: "tuple", Set: "set", set: "set", frozenset: "frozenset", list: "list"}


def make(e: Emitter, value: Any, site: int | None = None) -> Object:
    """A container of now as one of run time, a new one. site: the expression that made it."""
    whole = classes.of_ours(value, "as_object")
    if whole is not None:
        return whole()
    form, items, options = _parts_of(value)
    if isinstance(items, List) and items.run_time is not None:
        items = items.run_time
    if isinstance(items, Numbers):
        made = _ask(e, "build", [operand(e, items)], list, form="object")
        e.array_lists.note_all(site, items)
        return e.array_lists.holds(made, site)
    factory = options.pop("program_factory", None)
    items = list(items)
    if form == "dict":
        for key, item in zip(items[::2], items[1::2], strict=True):
            e.array_lists.note_pair(site, key, item)
    else:
        e.array_lists.note(site if form in _LISTS else None, items)
    items = with_records(e, items)
    made = build(e, form, items, **options)
    made.factory, made.site = factory, site
    return made


_LISTS = ("list", "deque")


def with_records(e: Emitter, values: Iterable[Any]) -> list[Any]:
    """Values of which it is noted what they hold: tuples with arrays are of run time, too."""
    return [
        build(e, "tuple", with_records(e, one)) if array_tuples.have_arrays(one) else one
        for one in values]


def build(e: Emitter, form: str, items: Iterable[Any], **options: Any) -> Object:
    """A container made of values: see `fleet.objects.FORMS`."""
    items = list(items)
    operands = [operand(e, item) for item in items]
    asks = _may_ask(e, form, items)
    raises = ("TypeError",) if form in _OF_ALL else None
    return _ask(e, "build", operands, _FORMS[form], raises, asks, form=form, **options)


def _ask(
    e: Emitter, service: str, operands: Sequence[tuple[str, Value | None]], gives: Gives,
    raises: tuple[str, ...] | None = None, asks: bool = False, **options: Any,
) -> Any:  # fmt: skip
    """A service's only result. asks: whether methods of the program may have to say something."""
    kinds = [kind for kind, _ in operands]
    natives = [native for _, native in operands if native is not None]
    if asks:
        e.answer(service, natives, kinds, options)
    name = service if service == "build" else options.get("name", service)
    raises = _RAISES.get(name, _ANY) if raises is None else raises
    if name in _OF_DECIMALS and Decimal in e.exact:
        raises = (*raises, *RAISED)
    key = None
    if name in _BY_KEY and len(operands) > 1 and operands[1][0] in _KEYS:
        key = operands[1]
    if gives is None:
        if any(map(e.catchable, raises)):
            e.attempt(service, natives, kinds, _result("object"), raises, key, **options)
        else:
            e.host(service, natives, kinds, gives=False, **options)
        return None
    native = e.attempt(service, natives, kinds, _result(gives), raises, key, **options)
    if gives in ("str", "bytes"):
        return Text(e, gives, native)
    if gives in SCALARS:
        return Number(e, gives, native)
    return Object(e, gives if isinstance(gives, type) else None, native)


def _result(gives: Gives) -> tuple[str, Any]:
    """(kind, type) of a result."""
    if gives in ("str", "bytes"):
        return gives, TensorType((None,), ui8)
    return (gives, SCALARS[gives]) if gives in SCALARS else ("object", i64)


_OF_DECIMALS = frozenset("""decimal.Decimal add sub mul truediv floordiv mod pow iadd isub imul
    itruediv ifloordiv imod ipow neg lt le gt ge int quantize sqrt ln log10 round sum divmod
    normalize to_integral_value""".split())
"""What may raise an exception of the decimal module."""
_BY_KEY = frozenset("getitem delitem pop remove move_to_end position".split())
"""Operations whose KeyError is about their second operand."""
_KEYS = frozenset("int float bool str bytes object".split())
_ANY = ("TypeError", "ValueError", "KeyError", "IndexError", "AttributeError",
        "ZeroDivisionError", "OverflowError")  # fmt: skip
_RAISES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("build held callback set_held eq ne is_ is_not truth not_ str repr type_name "
                    "is_instance more take append lower upper strip clear keys values "
                    "items get number_of type_tag place_of_class is_of has_attribute "
                    "generator_result instance shows compares has_instances led_by_instances"
                    .split(), ()),
    **dict.fromkeys(("attribute", "class_of"), ("AttributeError",)),
    **dict.fromkeys(("iter", "iterator"), ("TypeError",)),
    "getitem": ("KeyError", "IndexError", "TypeError"),
    "int": ("ValueError", "TypeError", "OverflowError"),
    "unpack": ("ValueError", "TypeError"),
    **dict.fromkeys("add sub mul iadd isub imul neg pos".split(),
                    ("TypeError", "ValueError", "OverflowError")),
    **dict.fromkeys("lt le gt ge contains len text_given bool_given".split(),
                    ("TypeError", "ValueError")),
    "setitem": ("KeyError", "IndexError", "TypeError", "ValueError", "OverflowError"),
    "delitem": ("KeyError", "IndexError", "TypeError"),
}  # fmt: skip
"""What a program may want to catch of an operation; of others anything."""


def _may_ask(e: Emitter, name: str, values: Sequence[Any]) -> bool:
    """Whether an operation may have to know a hash or an equality that the program says."""
    if name in _BY_KEY_OR_ITEM:
        concerned = values[1:2] if _may_hold(values[0]) else ()
    elif name in _OF_BOTH:
        concerned = values if all(map(_may_hold, values)) else ()
    elif name in _ORDERING and any(map(_may_hold, values)) and e.may_be_asked(True):
        return all(map(_may_hold, values)) or name not in _OF_CONTAINERS
    elif name in _OF_CONTAINERS:
        concerned = values if all(map(_is_container, values)) else ()
    elif name in _OF_ALL:
        concerned = values
    else:
        return False
    return any(map(_may_hold, concerned)) and e.may_be_asked()


_BY_KEY_OR_ITEM = frozenset("""getitem setitem delitem contains get pop setdefault add discard
    remove move_to_end index count cache_has cache_get cache_put""".split())
"""Operations of a container and a key or an item."""
_OF_BOTH = frozenset("eq ne and_ or_ xor iand ior ixor".split())
_OF_CONTAINERS = frozenset("lt le gt ge sub isub".split())
"""Operators that ask something of containers, and mostly are those of numbers."""
_ORDERING = frozenset("""lt le gt ge sorted sorted_by min max min_by max_by heappush heappop
    heapify heapreplace heappushpop nlargest nsmallest bisect_left bisect_right insort_left
    insort_right""".split())
"""Operations that compare items of containers."""
_OF_ALL = frozenset("""set frozenset dict Counter OrderedDict defaultdict fromkeys position hash
    update union intersection difference symmetric_difference issubset issuperset isdisjoint
    difference_update intersection_update symmetric_difference_update subtract""".split())
_WITHOUT_INSTANCES = (int, float, complex, bool, str, bytes, range, slice, bytearray, *EXACT)


def _is_container(value: Any) -> bool:
    kind = value.kind if isinstance(value, Object) else type(value)
    return kind in _FORMS.values() or isinstance(value, tuple | list | set | frozenset | dict)


def may_not_iterate(value: Any) -> bool:
    """Whether a value may be none that has items."""
    return isinstance(value, Number) or (isinstance(value, Object) and not _is_container(value))


def is_mapping(value: Object) -> bool:
    """Whether a value is known to be a dictionary."""
    return value.kind is collections.Counter or value.kind in _MAPPINGS


def _may_hold(value: Any) -> bool:
    """Whether a value may be an instance of a class of the program's, or hold one."""
    if isinstance(value, Object):
        return value.kind not in _WITHOUT_INSTANCES
    if type(value) is List:
        return any(map(_may_hold, value.known()))
    if isinstance(value, tuple | list | set | frozenset):
        return any(map(_may_hold, value))
    if isinstance(value, dict):
        return any(map(_may_hold, (*value, *value.values())))
    return classes.is_made(type(value)) or type(value) is Union


def service(e: Emitter, name: str, values: Iterable[Any], gives: Gives) -> Any:
    """A service of the host by its name."""
    return _ask(e, name, [operand(e, value) for value in values], gives, ())


_OF_STR = frozenset("""split rsplit splitlines replace find rfind startswith endswith count index
    isdigit isalpha isspace isalnum isnumeric isupper islower title capitalize swapcase casefold
    center ljust rjust zfill lstrip rstrip partition rpartition removeprefix removesuffix join
    """.split())  # fmt: skip


# -- operators, functions, methods


def operator(e: Emitter, name: str, *values: Any, gives: Gives = "object") -> Any:
    """An operator by the name of the `operator` module; comparisons give a bool."""
    gives = "bool" if name in _COMPARISONS else gives
    kept = name == "setitem"
    operands = [operand(e, value, kept) for value in values]
    return _ask(e, "operator", operands, gives, asks=_may_ask(e, name, values), name=name)


def operate(e: Emitter, name: str, a: Any, b: Any) -> Any:
    """`a <operator> b` by the name of the special method, one of them an Object."""
    gives: Gives = "object"
    if name == "add" and (isinstance(a, list) or isinstance(b, list)):
        a, b = _with_arrays(e, a, b), _with_arrays(e, b, a)
        gives = list
    elif name == "add" and all(isinstance(v, Object) and v.kind in (list, tuple) for v in (a, b)):
        gives = a.kind if a.kind is b.kind else "object"
    elif name == "add" and (isinstance(a, tuple) or isinstance(b, tuple)):
        gives = tuple
    elif name == "mul" and (repeated := _repeated(a, b)) is not None:
        gives = repeated
    elif name == "add" and "str" in (_text_kind(a), _text_kind(b)):
        gives = "str"
    elif name in ("and", "or", "xor", "sub") and isinstance(a, Object) and a.kind is set:
        gives = set
    elif name in _ARITHMETIC and (exact := _exact_kind(a, b)) is not None:
        gives = exact
    elif name in _OF_COMPLEX and all(map(_is_number, (a, b))) and any(map(_is_complex, (a, b))):
        gives = complex
    made = operator(e, OPERATORS.get(name, name), a, b, gives=gives)
    for one in (a, b) if name in ("add", "mul") else ():
        e.array_lists.tuples.check_whole(one)
    if gives == "str" and isinstance(a, str):
        made.begins = a
    if gives in (list, tuple):
        of_arrays = [one for one in (a, b) if e.array_lists.kind(one) is not None]
        if of_arrays:
            return e.array_lists.holds_all(made, of_arrays)
        held = held_by(a), held_by(b)
        if None in held:
            return made
        return e.array_lists.holds(made, site_of(held[0].join(held[1])))
    return e.array_lists.computed(name, a, b, made) if name in _ARITHMETIC else made


def _repeated(a: Any, b: Any) -> type | None:
    """The kind of what is repeated, of two operands of `*`."""
    for value, times in ((a, b), (b, a)):
        kind = value.kind if isinstance(value, Object) else type(value)
        if kind in (list, tuple) and numbers.kind_of(times) in ("int", "bool"):
            return kind
    return None


def _with_arrays(e: Emitter, value: Any, other: Any) -> Any:
    """A list of arrays as one of run time that holds what the other one of a sum does."""
    if not isinstance(value, list) or not isinstance(other, Object) or not any(
            map(array_tuples.holds, value.known() if type(value) is List else value)):
        return value
    return make(e, value, other.site)


_ARITHMETIC = frozenset("add sub mul truediv floordiv mod".split())


_OF_COMPLEX = ("add", "sub", "mul", "truediv", "pow")


def _exact_kind(*values: Any) -> type | None:
    """The class of Decimals or Fractions that arithmetic gives of these; None: another, perhaps."""
    found = {value.kind for value in values if isinstance(value, Object)}
    whole = all(isinstance(value, Object) or numbers.kind_of(value) in ("int", "bool")
                for value in values)  # fmt: skip
    only = next(iter(found)) if len(found) == 1 and whole else None
    return only if only in NUMBERS else None


def _is_complex(value: Any) -> bool:
    return numbers.is_complex(value) or (isinstance(value, Object) and value.kind is complex)


def _is_number(value: Any) -> bool:
    return _is_complex(value) or numbers.kind_of(value) is not None


def operate_in_place(e: Emitter, name: str, a: Object, b: Any) -> Object:
    """`a += b` and the like: what `a` is then."""
    if name == "add":
        e.array_lists.note_all(a.site, b)
        b = _with_arrays(e, b, a)
    made = operator(e, f"i{name}", a, b, gives=a.kind or "object")
    made.factory, made.site = a.factory, a.site
    return made


def function(
    e: Emitter, name: str, values: Iterable[Any], gives: Gives = "object", kept: bool = False,
    certain: bool = False, **named: Any,
) -> Any:  # fmt: skip
    """A function of `fleet.objects.FUNCTIONS`. certain: whether it raises nothing."""
    values = (*values, *named.values())
    if name in _PUTTING and isinstance(values[0], Object):
        e.array_lists.note(values[0].site, values[1:2])
        values = (values[0], *with_records(e, values[1:2]), *values[2:])
    operands = [operand(e, value, kept) for value in values]
    of_frame = name in _OF_ATTRIBUTES and isinstance(values[1], str) and values[1][:1] == "."
    raises = () if certain or of_frame else None
    asks = _may_ask(e, name, values)
    made = _ask(e, "function", operands, gives, raises, asks, name=name, named=list(named))
    if name in _CHOOSING and len(values) <= _CHOOSING[name]:
        return e.array_lists.typed(values[0], made)
    if name in _SAME and name != "iter":
        e.array_lists.tuples.check_whole(values[0])
    if name in _SAME or (name == "dict" and getattr(values[0], "kind", None) in _MAPPINGS):
        return e.array_lists.holds(made, e.array_lists.content(values[0]))
    return made


_PUTTING = frozenset("heappush heappushpop heapreplace insort_left insort_right".split())
"""Functions that put their second argument into their first."""
_CHOOSING = {"heappop": 1, "heappushpop": 2, "heapreplace": 2, "min": 1, "max": 1}
"""Functions that give an item of their first argument, if there are no more arguments than that."""
_SAME = frozenset("list tuple sorted reversed iter deque collections.deque picked".split())
"""Functions that give the items of their first argument."""
_OF_ATTRIBUTES = ("attribute", "set_attribute")
"""Of the frame of a generator, they are its variables."""


def method(e: Emitter, owner: Any, name: str, values: Iterable[Any], named: dict) -> Any:
    """owner.name(*values, **named)."""
    kept = name in KEPT
    raises = None
    values = list(values)
    if name in _LOOKING_UP and len(values) > (name == "pop") and (
            e.array_lists.has_value(owner, values[0]) or (
                isinstance(owner, Object) and owner.kind in _MAPPINGS
                and any(map(array_tuples.holds, values[1:])))):  # fmt: skip
        return _array_or_other(e, owner, name, *values)
    site = owner.site if isinstance(owner, Object) and name in _FILLING else None
    if isinstance(owner, Object) and name == "extend":
        e.array_lists.note_all(owner.site, values[0])
        e.array_lists.tuples.check_whole(values[0])
        values = [_with_arrays(e, values[0], owner)]
        raises = ("TypeError",) if may_not_iterate(values[0]) else ()
    elif isinstance(owner, Object) and owner.kind in _MAPPINGS and name == "setdefault":
        e.array_lists.note_pair(owner.site, *values[:1], *values[1:2] or (None,))
    else:
        e.array_lists.note(site, (*values, *named.values()))
    if kept:
        values = with_records(e, values)
    operands = [operand(e, owner, False)]
    operands += [operand(e, value, kept) for value in (*values, *named.values())]
    is_text = isinstance(owner, Object) and e.array_lists.is_text(owner)
    gives = "bytes" if name == "encode" and is_text else _method_gives(owner, name)
    if name in _OF_BYTES and _may_be_bytes(owner):
        raises = _ANY
    if _text_kind(owner) == "str" and name in _OF_STR:
        raises = ("ValueError", "TypeError")
    asks = _may_ask(e, name, [owner, *values])
    found = _ask(e, "method", operands, gives, raises, asks=asks, name=name, named=list(named))
    if isinstance(owner, Object) and owner.kind in _MAPPINGS and owner.site is not None:
        if name in _LOOKING_UP:
            return e.array_lists.value(owner, found, values[0] if values else None)
        return e.array_lists.holds(found, _view_of(owner.site, name))
    if name in _SPLITS and (is_text or _text_kind(owner) == "str"):
        return e.array_lists.holds(found, TEXTS)
    if name in _STR and is_text and isinstance(found, Object):
        found.item_of = TEXTS
    if name == "copy" and isinstance(owner, Object):
        return e.array_lists.holds(found, owner.site)
    return e.array_lists.typed(owner, found) if name in _TAKING else found


_LOOKING_UP = ("get", "pop", "setdefault")


def _array_or_other(e: Emitter, owner: Object, name: str, key: Any, other: Any = None) -> Any:
    """owner.name(key, other) of a dictionary of arrays."""

    def found() -> Any:
        return method(e, owner, name, [key], {}) if name == "pop" else get_item(e, owner, key)

    def missing() -> Any:
        if name == "setdefault":
            set_item(e, owner, key, other)
        return other

    if name == "setdefault":
        e.array_lists.keep_value(owner.site, other)
    return e.choose(operator(e, "contains", owner, key), found, missing)


_MAPPINGS = (dict, collections.defaultdict, collections.OrderedDict)


def _view_of(site: Any, name: str) -> Any:
    """What tells the items of a dictionary's keys(), values() or items()."""
    match name:
        case "keys" | "copy":
            return site
        case "values":
            return site, "values"
        case "items":
            pair = tuple(Items(others=frozenset((one,))) for one in (site, (site, "values")))
            return Items(inner=replace(pair[0].join(pair[1]), at=pair), length=2)
    return None


_SPLITS = ("split", "rsplit", "splitlines")


def _may_be_bytes(owner: Any) -> bool:
    """Whether it may be a bytearray, which takes ints of a byte alone."""
    return isinstance(owner, Object) and owner.kind in (bytearray, None)


def _method_gives(owner: Any, name: str) -> Gives:
    kind = _text_kind(owner)
    if kind is not None and name in _STR:
        return kind
    if name == "encode" and kind == "str":
        return "bytes"
    if name == "decode":
        return "str"
    if isinstance(owner, Object) and owner.kind in DATES:
        return owner.kind if name == "replace" else GIVES.get(name, "object")
    if name == "conjugate" and _is_complex(owner):
        return complex
    if name == "copy" and isinstance(owner, Object) and owner.kind is not None:
        return owner.kind
    if name in _SETS and isinstance(owner, Object) and owner.kind in (set, frozenset):
        return owner.kind
    return _METHODS.get(name, "object")


_SETS = frozenset("union intersection difference symmetric_difference".split())


def _text_kind(value: Any) -> str | None:
    match value:
        case Text():
            return value.kind
        case str():
            return "str"
        case bytes():
            return "bytes"
        case Object() if value.kind in (str, bytes):
            return value.kind.__name__
    return None


def as_text(e: Emitter, value: Object) -> Text:
    """An Object that is a text."""
    return function(e, value.kind.__name__, [value], value.kind.__name__)


def length(e: Emitter, value: Any) -> Number:
    found = function(e, "len", [value], "int")
    found.size = numbers.sizes.length()
    return found


def get_item(e: Emitter, owner: Any, key: Any) -> Any:
    gives: Gives = "object"
    kind = _text_kind(owner)
    if kind == "str" or (kind == "bytes" and isinstance(key, slice)):
        gives = kind
    elif isinstance(key, slice) and isinstance(owner, Object):
        gives = owner.kind or "object"
    found = operator(e, "getitem", owner, key, gives=gives)
    if isinstance(key, slice):
        e.array_lists.tuples.check_whole(owner)
        if isinstance(owner, Object) and isinstance(found, Object):
            found.site = owner.site
        return found
    if isinstance(owner, Object) and owner.kind in _MAPPINGS:
        return e.array_lists.value(owner, found, key)
    return e.array_lists.typed(owner, found, key)


def set_item(e: Emitter, owner: Object, key: Any, value: Any) -> None:
    if owner.kind in _MAPPINGS:
        e.array_lists.note_pair(owner.site, key, value)
    else:
        e.array_lists.note(owner.site, (value,))
    (value,) = with_records(e, (value,))
    operands = [operand(e, one) for one in (owner_of(owner), key, value)]
    _ask(e, "operator", operands, None, asks=_may_ask(e, "setitem", (owner, key)), name="setitem")


def owner_of(owner: Object) -> Object:
    """The same object, of which nobody asks what it makes of missing keys."""
    made = Object(owner.e, owner.kind, owner.native)
    made.site = owner.site
    return made


def delete_item(e: Emitter, owner: Object, key: Any) -> None:
    operands = [operand(e, owner, False), operand(e, key)]
    _ask(e, "operator", operands, None, asks=_may_ask(e, "delitem", (owner, key)), name="delitem")


def unpack(e: Emitter, value: Any, count: int, after: int | None = None) -> list[Any]:
    """So many items; with `after`, those before a starred list, that list, and those after it."""
    gives: Gives = "str" if _text_kind(value) == "str" else "object"
    kinds: list[Gives] = [gives] * count
    if after is not None:
        kinds += [list, *[gives] * after]
    options = {"count": count} | ({} if after is None else {"after": after})
    kind, native = operand(e, value, False)
    if any(map(e.catchable, _RAISES["unpack"])):  # first what may fail
        native = e.attempt("unpacked", [native], [kind], _result("object"), _RAISES["unpack"],
                           **options)  # fmt: skip
        kind, options = "object", {"count": len(kinds)}
    results = [_result(one) for one in kinds]
    natives = e.host("unpack", [native], [kind], results, **options)
    if after is not None:
        e.array_lists.tuples.check_whole(value)
    last = count if after is None else count + 1
    return [_unpacked(e, value, wanted, one, at if at < last else at - len(kinds))
            for at, (wanted, one) in enumerate(zip(kinds, natives, strict=True))]  # fmt: skip


def _unpacked(e: Emitter, owner: Any, wanted: Gives, native: Value, at: int) -> Any:
    if wanted == "str":
        return Text(e, "str", native)
    if wanted is list:
        return e.array_lists.holds(Object(e, list, native), e.array_lists.content(owner))
    return e.array_lists.typed(owner, Object(e, None, native), at)


def to_number(e: Emitter, value: Object) -> Number:
    """An int that something is to be counted or subscripted with. Raises TypeError for others."""
    return function(e, "to_index", [value], "int")


def subscript(e: Emitter, key: Any) -> Any:
    """A subscript of an array or list, whose Objects are taken for ints, or are lists of such. The
    run refuses others that may be subscripts of arrays."""
    if isinstance(key, Object) and key.kind is list:
        items = e.array_lists.items(key)
        if items is not None and items.dtype.kind in "iub":
            return arrays.asarray(e, key)
    if isinstance(key, Object):
        return function(e, "to_subscript", [key], "int")
    if isinstance(key, tuple):
        return tuple(subscript(e, one) for one in key)
    if isinstance(key, slice):
        return slice(*(subscript(e, one) for one in (key.start, key.stop, key.step)))
    return key


def to_float(e: Emitter, value: Object) -> Number:
    """A float, as functions of numbers take their arguments."""
    return function(e, "to_float", [value], "float")


def can_be(value: Any) -> bool:
    """Whether a value can be one of the run's objects, or an array in a list that is."""
    seen: dict[int, Any] = {}
    pending = [(value, False)]
    while pending:
        one, is_inside = pending.pop()
        found = _to_be_too(one, is_inside, seen)
        if found is None:
            return False
        pending += found
    return True


def _to_be_too(
    value: Any, is_inside: bool, seen: dict[int, Any]
) -> list[tuple[Any, bool]] | None:
    """What must be able to be one besides, so that a value can; None where it cannot.

    is_inside: whether it is in another; seen: by their ids, those of which this has been asked. In
    what is given, whether each is in another."""
    if is_inside and isinstance(value, Array):
        return []
    if is_inside and is_known_object_array(value):  # as an attribute of an instance
        return [(classes.entries(value)[ROW], True)]
    if _is_plain(value) or isinstance(value, Object | Range | Numbers | range):
        return []
    if type(value) is Union:
        return [(choice, False) for choice in value.choices.values()]
    if any(classes.of_ours(value, name) for name in (
            "as_object", "object_source", "made_by_host")):  # fmt: skip
        return []
    if isinstance(value, Composite) and getattr(value, "hosted", None) is not None:
        return []
    if fixed.is_named(value):
        return []
    if fixed.is_partial(value):
        func, args, keywords = value.partial_of()
        return [(one, True) for one in (func, *args, *keywords.values())] if (
            fixed.is_callable(func)) else None  # fmt: skip
    if fixed.is_function(value):
        return [(getattr(value, "__self__", None), True)]
    if fixed.is_fixed(value):
        return [(one, is_inside) for one in value] if isinstance(value, tuple) else []
    if id(value) in seen:
        return []
    seen[id(value)] = value
    if classes.is_made(type(value)):
        own = Slotted(value) if classes.has_site(type(value)) else classes.entries(value)
        parts = own.values.values() if isinstance(own, Slotted) else own.values()
        return None if getattr(own, "site", None) is None else [
            (one, True) for part in parts for one in _values_of(part)]  # fmt: skip
    if isinstance(value, List) and value.run_time is not None:
        return []
    found = _parts_of(value)
    return None if found is None else [(one, True) for one in found[1]]


def _values_of(attribute: Any) -> list[Any]:
    """What an attribute may hold: none of it where it may have no value."""
    if type(attribute) is not Union:
        return [attribute]
    return [one for one in attribute.choices.values() if type(one) is not Unbound]


def is_data(container: Any) -> bool:
    """Whether a dict or set can be one of the run's objects, and holds no instances or classes."""
    parts = container.values() if isinstance(container, dict) else container
    return can_be(container) and not any(
        classes.is_made(type(one)) or fixed.is_named(one) for one in parts)  # fmt: skip


def shallow(value: Any) -> Any:
    """A container that may be taken by its items: one that nobody else will see."""
    return list(value) if type(value) is List and value.run_time is None else value


def holds_late(values: Iterable[Any]) -> bool:
    """Whether one of the values, or something in it, is one of the run's objects."""
    return any(map(is_late, values))

