"""What programs may see of each kind of value: one row a kind.

In: the class of a value here. Out: the type that the program takes it for, and the names of the
attributes that it may have. The one idea: this is a list of what is allowed. A host object hangs on
every function, exception and module here, and from it one gets at the whole of the machine that
builds; so an attribute that no row names is refused, whatever the host's object has.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import LateModule, LibraryModule, Module, UserModule
from fleet.evaluator.objects.provided import BoundBuiltin, Builtin, UnboundBuiltin
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.values import classes
from fleet.evaluator.values.heap import Attributes, Dict, List, Set
from fleet.objects import exact_numbers


@dataclass(frozen=True)
class Row:
    """python: what type() gives for the kind. names: the attributes of its values.

    writable: those among them that a program may write to.
    """

    python: type
    names: frozenset[str]
    writable: frozenset[str]


ROWS: dict[type, Row] = {}
_NAMES: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()
"""What `names_of` has found; classes of a program go with the program."""


def declare(own: type, python: type, names: str = "", writable: str = "") -> None:
    """Programs take values of the class `own` for values of `python`, with these attributes.

    Attributes of the row of a base class, and `python`'s own row, count as well.
    """
    ROWS[own] = Row(python, frozenset((*names.split(), *writable.split())),
                    frozenset(writable.split()))  # fmt: skip
    _NAMES.clear()
    if own.__module__.startswith("fleet."):  # so that Python's own messages name the type
        own.__name__, own.__qualname__ = python.__name__, python.__qualname__
        own.__module__ = python.__module__


def stands_for(python: type, names: str = "", writable: str = "") -> Callable[[type], type]:
    """Decorator: `declare` for the class below, and for the one that it stands for."""

    def declared(own: type) -> type:
        if python not in ROWS:
            declare(python, python, names)
        declare(own, python, names, writable)
        return own

    return declared


def names_of(kind: type) -> frozenset[str]:
    """The attributes that values of a class have for the program."""
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = _names_of(kind)
    return names


def _names_of(kind: type) -> frozenset[str]:
    rows = [ROWS[cls] for cls in kind.__mro__ if cls in ROWS]
    names = frozenset().union(*(row.names for row in rows))
    if rows and rows[0].python is not kind and rows[0].python not in kind.__mro__:
        names |= names_of(rows[0].python)
    return names


def python_class(kind: type) -> type:
    """The type that the program takes values of a class for."""
    if classes.STANDS_FOR in vars(kind):
        return vars(kind)[classes.STANDS_FOR]
    row = ROWS.get(kind)
    if row is None and not classes.is_made(kind):
        row = next((ROWS[cls] for cls in kind.__mro__ if _stands_for_another(cls)), None)
    return kind if row is None else row.python


def _stands_for_another(kind: type) -> bool:
    return kind in ROWS and ROWS[kind].python is not kind


def is_ours(kind: type) -> bool:
    """Whether a class stands for one of Python's or is made of one that does."""
    return not classes.is_made(kind) and any(map(_stands_for_another, kind.__mro__))


def label(kind: type) -> str:
    """How CPython's messages name a type."""
    real = python_class(kind)
    if real.__module__ in ("builtins", "__main__", "_io"):
        return f"_io.{real.__name__}" if real.__module__ == "_io" else real.__name__
    return f"{real.__module__}.{real.__name__}"


class NotVisible(FleetError):
    """CPython's value has the attribute, ours has not."""


def not_visible(m: Machine, what: str, hint: str | None = None) -> NotVisible:
    return NotVisible(f"{what} is not supported", m.location(), hint=hint)


def missing(m: Machine, value: Any, name: str, kind: str | None = None) -> Raised:
    """The program's AttributeError. kind: the type's name, where it is not the value's class's."""
    message = f"'{kind or label(type(value))}' object has no attribute '{name}'"
    return m.raised(AttributeError(message, name=name))


def public(kind: type) -> str:
    """The public names of a type whose values are nothing but data."""
    return " ".join(name for name in vars(kind) if not name.startswith("_"))


OPERATORS = """
    __abs__ __add__ __and__ __bool__ __contains__ __delitem__ __divmod__ __eq__ __float__
    __floordiv__ __format__ __ge__ __getitem__ __gt__ __hash__ __iadd__ __iand__ __imul__ __index__
    __int__ __invert__ __ior__ __isub__ __iter__ __ixor__ __le__ __len__ __lshift__ __lt__ __mod__
    __mul__ __ne__ __neg__ __next__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __repr__
    __reversed__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__
    __rshift__ __rsub__ __rtruediv__ __rxor__ __setitem__ __str__ __sub__ __truediv__ __trunc__
    __xor__ __enter__ __exit__
"""
NAMED = "__name__ __qualname__ __doc__ __module__"

declare(object, object, """__class__ __doc__ __init__ __new__ __setattr__ __getattribute__
    __delattr__ __init_subclass__""" + OPERATORS)  # fmt: skip
declare(type, type, f"{NAMED} __mro__ __bases__ __base__ __annotations__ __dict__ mro __call__")
for _kind in (int, float, bool, complex, str, bytes, bytearray, tuple, frozenset, range, slice,
              list, dict, set):  # fmt: skip
    declare(_kind, _kind, public(_kind))
for _kind in exact_numbers.EXACT:
    _known = exact_numbers.METHODS | exact_numbers.DATA | {"real", "imag"}
    declare(_kind, _kind, public(_kind) if _kind in exact_numbers.DATES else " ".join(
        sorted(_known.intersection(dir(_kind)))))  # fmt: skip
for _kind in exact_numbers.RECORDS:
    declare(_kind, _kind, public(_kind))
declare(np.str_, np.str_, public(str) + " item tolist")
declare(List, list)
declare(Attributes, dict)
declare(Dict, dict)
declare(Set, set)
declare(types.MappingProxyType, types.MappingProxyType, "keys items values get copy")
declare(type({}.keys()), type({}.keys()), "isdisjoint mapping")
declare(type({}.items()), type({}.items()), "isdisjoint mapping")
declare(type({}.values()), type({}.values()), "mapping")
declare(types.GenericAlias, types.GenericAlias, "__origin__ __args__")
declare(types.UnionType, types.UnionType, "__args__")

declare(Function, types.FunctionType,
        f"{NAMED} __annotations__ __defaults__ __kwdefaults__ __dict__ __call__ __get__")
declare(types.FunctionType, types.FunctionType, NAMED)
declare(types.MethodType, types.MethodType, f"{NAMED} __func__ __self__ __call__")
declare(Builtin, types.BuiltinFunctionType, f"{NAMED} __call__")
declare(BoundBuiltin, types.BuiltinFunctionType, f"{NAMED} __self__ __call__")
declare(types.BuiltinFunctionType, types.BuiltinFunctionType, f"{NAMED} __call__")
declare(UnboundBuiltin, types.MethodDescriptorType, f"{NAMED} __objclass__ __call__")
declare(types.MethodWrapperType, types.MethodWrapperType, f"{NAMED} __self__ __call__")
declare(types.WrapperDescriptorType, types.WrapperDescriptorType, f"{NAMED} __objclass__ __call__")
declare(property, property, "fget fset fdel getter setter deleter __get__ __set__ __delete__")
declare(staticmethod, staticmethod, "__func__ __wrapped__ __get__ __call__")
declare(classmethod, classmethod, "__func__ __wrapped__ __get__")
declare(super, super, "__self__ __self_class__ __thisclass__")
declare(functools.partial, functools.partial, "func args keywords __call__")
for _kind in (Module, LateModule, LibraryModule, UserModule):
    declare(_kind, types.ModuleType, "__name__ __doc__")

declare(BaseException, BaseException,
        "args add_note __notes__ __cause__ __context__ __suppress_context__ __dict__")  # fmt: skip
declare(OSError, OSError, "errno strerror filename filename2")
declare(SystemExit, SystemExit, "code")
declare(StopIteration, StopIteration, "value")
declare(NameError, NameError, "name")
declare(AttributeError, AttributeError, "name")
declare(ImportError, ImportError, "name path msg")
declare(UnicodeDecodeError, UnicodeDecodeError, "encoding object start end reason")
declare(UnicodeEncodeError, UnicodeEncodeError, "encoding object start end reason")

declare(np.dtype, np.dtype, """alignment base byteorder char descr fields flags hasobject isbuiltin
    isnative itemsize kind name names ndim newbyteorder num shape str subdtype type""")  # fmt: skip
declare(np.finfo, np.finfo, """bits dtype eps epsneg iexp machep max maxexp min minexp negep nexp
    nmant precision resolution smallest_normal smallest_subnormal tiny""")  # fmt: skip
declare(np.iinfo, np.iinfo, "bits dtype key kind max min")
declare(type(sys.float_info), type(sys.float_info), public(type(sys.float_info)))
