"""`dataclasses`: what a decorated class gets is written as text and defined in the class's module.

In: a class with annotated names. Out: the class with the methods that the options ask for. The one
idea: the text of a method goes through the front end like any other, so fields may hold what only
run time knows, and wrong calls get Python's own words.
"""

import copy
from types import MappingProxyType
from typing import ClassVar

from primitives import (
    class_names,
    converted,
    define,
    is_late,
    new_class,
    of_dataclass,
    remove_name,
)


class _Marker:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


MISSING = _Marker("<dataclasses._MISSING_TYPE object>")
KW_ONLY = _Marker("<dataclasses._KW_ONLY_TYPE object>")
_FACTORY = _Marker("<factory>")
_FIELDS = "__dataclass_fields__"


class FrozenInstanceError(AttributeError):
    pass


class InitVar:
    __slots__ = ("type",)

    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)

    def __repr__(self):
        return f"dataclasses.InitVar[{getattr(self.type, '__name__', repr(self.type))}]"


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._kind = "field"

    def __repr__(self):
        return (
            f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
            f"default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},"
            f"hash={self.hash!r},compare={self.compare!r},"
            f"metadata={MappingProxyType(self.metadata)!r},kw_only={self.kw_only!r},"
            "_field_type=_FIELD)"
        )

    @property
    def _given(self):
        return self.default is not MISSING or self.default_factory is not MISSING


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None,
          compare=True, metadata=None, kw_only=MISSING):  # fmt: skip
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False,
              frozen=False, match_args=True, kw_only=False, slots=False,
              weakref_slot=False):  # fmt: skip
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only,
                        slots)  # fmt: skip

    return wrap if cls is None else wrap(cls)


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    fields = {}
    inherits, is_frozen = False, False
    for base in cls.__mro__[-1:0:-1]:
        theirs = class_names(base).get(_FIELDS)
        if theirs is not None:
            inherits = True
            is_frozen = is_frozen or base.__dataclass_params__.frozen
            fields = {**fields, **theirs}
    own = _own_fields(cls, kw_only)
    if inherits and is_frozen and not frozen:
        raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
    if inherits and frozen and not is_frozen:
        raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    for one in own:
        fields[one.name] = one
    has_hash = "__hash__" in class_names(cls) and not (
        class_names(cls)["__hash__"] is None and "__eq__" in class_names(cls)
    )
    setattr(cls, _FIELDS, fields)
    cls.__dataclass_params__ = _Params(init, repr, eq, order, unsafe_hash, frozen)
    every = [one for one in fields.values() if one._kind in ("field", "initvar")]
    plain = [one for one in every if one._kind == "field"]
    if init:
        _add(cls, "__init__", *_init(cls, every, frozen))
    if repr:
        shown = ", ".join([f"{one.name}={{self.{one.name}!r}}" for one in plain if one.repr])
        _add(cls, "__repr__", "self", [f'return f"{{self.__class__.__qualname__}}({shown})"'], {})
    if eq:
        _compare(cls, "__eq__", "==", plain)
    if order:
        for name, sign in (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")):
            if name in class_names(cls):
                raise TypeError(
                    f"Cannot overwrite attribute {name} in class {cls.__name__}. Consider using "
                    "functools.total_ordering"
                )
            _compare(cls, name, sign, plain)
    if frozen:
        _freeze(cls, own)
    if unsafe_hash or (eq and frozen and not has_hash):
        if unsafe_hash and has_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
        hashed = [one.name for one in plain
                  if (one.compare if one.hash is None else one.hash)]  # fmt: skip
        _add(cls, "__hash__", "self", [f"return hash({_tuple('self', hashed)})"], {})
    elif eq and not has_hash:
        cls.__hash__ = None
    if match_args and "__match_args__" not in class_names(cls):
        cls.__match_args__ = tuple([
            one.name for one in every if one.init and not one.kw_only
        ])  # fmt: skip
    if slots:
        cls = _slotted(cls, [one.name for one in plain])
    return cls


class _Params:
    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen


def _is_named(note, name):
    return isinstance(note, str) and note.split("[")[0].split(".")[-1].strip() == name


def _own_fields(cls, kw_only):
    names = class_names(cls)
    found = []
    after_marker = False
    for name, note in names.get("__annotations__", {}).items():
        if note is KW_ONLY or _is_named(note, "KW_ONLY"):
            if after_marker:
                raise TypeError(f"{name!r} is KW_ONLY, but KW_ONLY has already been specified")
            after_marker = True
            continue
        given = names.get(name, MISSING)
        if isinstance(given, Field):
            one = given
        else:
            if type(given).__name__ == "member_descriptor":
                given = MISSING
            one = Field(given, MISSING, True, True, None, True, None, MISSING)
        one.name, one.type = name, note
        if note is ClassVar or getattr(note, "__origin__", None) is ClassVar or (
                _is_named(note, "ClassVar")):  # fmt: skip
            one._kind = "classvar"
        elif note is InitVar or isinstance(note, InitVar) or _is_named(note, "InitVar"):
            one._kind = "initvar"
        if one._kind != "field" and one.default_factory is not MISSING:
            raise TypeError(f"field {name} cannot have a default factory")
        if one.kw_only is MISSING:
            one.kw_only = (after_marker or kw_only) and one._kind != "classvar"
        if one._kind == "field" and isinstance(one.default, (list, dict, set)):
            raise ValueError(
                f"mutable default {type(one.default)} for field {name} is not allowed: use "
                "default_factory"
            )
        if isinstance(given, Field):
            if one.default is MISSING:
                remove_name(cls, name)
            else:
                setattr(cls, name, one.default)
        found.append(one)
    for name, value in names.items():
        if isinstance(value, Field) and name not in names.get("__annotations__", {}):
            raise TypeError(f"{name!r} is a field but has no type annotation")
    return found


def _tuple(owner, names):
    return "(" + "".join([f"{owner}.{name}, " for name in names]) + ")"


def _add(cls, name, parameters, body, names):
    if name in class_names(cls):
        return
    text = f"def {name}({parameters}):\n" + "".join([f" {line}\n" for line in body])
    setattr(cls, name, define(cls, name, text, names))


def _init(cls, fields, frozen):
    names = {"_FACTORY": _FACTORY}
    positional, keywords, body = ["self"], [], []
    seen_default = False
    for one in fields:
        name = one.name
        value = name
        if one.default_factory is not MISSING:
            names["_make_" + name] = one.default_factory
            value = f"_make_{name}() if {name} is _FACTORY else {name}" if one.init else (
                f"_make_{name}()")  # fmt: skip
            default = "=_FACTORY"
        elif one.default is not MISSING:
            names["_default_" + name] = one.default
            default = "=_default_" + name
        else:
            default = ""
        if one.init and not one.kw_only:
            if default:
                seen_default = True
            elif seen_default:
                raise TypeError(f"non-default argument {name!r} follows default argument")
        if one.init:
            (keywords if one.kw_only else positional).append(name + default)
        elif one.default_factory is MISSING:
            continue
        if one._kind == "initvar":
            continue
        if frozen:
            body.append(f"object.__setattr__(self, {name!r}, {value})")
        else:
            body.append(f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        given = ", ".join([one.name for one in fields if one._kind == "initvar"])
        body.append(f"self.__post_init__({given})")
    if keywords:
        positional.append("*")
    return ", ".join(positional + keywords), body or ["pass"], names


def _compare(cls, name, sign, fields):
    names = [one.name for one in fields if one.compare]
    left, right = _tuple("self", names), _tuple("other", names)
    _add(cls, name, "self, other", [
        "if other.__class__ is not self.__class__:", " return NotImplemented",
        f"return {left} {sign} {right}",
    ], {})  # fmt: skip


def _freeze(cls, own):
    names = {"cls": cls, "FrozenInstanceError": FrozenInstanceError,
             "fields": tuple([one.name for one in own])}  # fmt: skip
    for name, more, verb in (
        ("__setattr__", ", value", "assign to"), ("__delattr__", "", "delete")
    ):
        if name in class_names(cls):
            raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}")
        _add(cls, name, f"self, name{more}", [
            "if type(self) is cls or name in fields:",
            f" raise FrozenInstanceError(f'cannot {verb} field {{name!r}}')",
            f"super(cls, self).{name}(name{more})",
        ], names)  # fmt: skip


def _slotted(cls, names):
    if "__slots__" in class_names(cls):
        raise TypeError(f"{cls.__name__} already specifies __slots__")
    inherited = set()
    for base in cls.__mro__[1:]:
        inherited.update(class_names(base).get("__slots__", ()))
    values = {
        name: value for name, value in class_names(cls).items()
        if name not in names and name not in ("__dict__", "__weakref__")
    }  # fmt: skip
    values["__slots__"] = tuple([name for name in names if name not in inherited])
    if cls.__dataclass_params__.frozen:
        values["__getstate__"] = lambda self: [getattr(self, name) for name in names]
    return new_class(cls, values)


def fields(class_or_instance):
    if is_late(class_or_instance):
        return of_dataclass(class_or_instance, lambda one: fields(type(one)))
    try:
        found = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple([one for one in found.values() if one._kind == "field"])


def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), _FIELDS)


def _is_instance(obj):
    return not isinstance(obj, type) and hasattr(type(obj), _FIELDS)


def asdict(obj, *, dict_factory=dict):
    if is_late(obj) and dict_factory is dict:
        return converted(obj, "as_dict", True)
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _as_dict(obj, dict_factory)


def _as_dict(obj, make):
    if is_late(obj) and make is dict:
        return converted(obj, "as_dict", False)
    if _is_instance(obj):
        pairs = [(one.name, _as_dict(getattr(obj, one.name), make)) for one in fields(obj)]
        return dict(pairs) if make is dict else make(pairs)
    return _inside(obj, lambda item: _as_dict(item, make))


def _inside(obj, convert):
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[convert(item) for item in obj])
    if isinstance(obj, list):
        return [convert(item) for item in obj]
    if isinstance(obj, tuple):
        return tuple([convert(item) for item in obj])
    if isinstance(obj, dict):
        return {convert(key): convert(value) for key, value in obj.items()}
    return copy.deepcopy(obj)


def astuple(obj, *, tuple_factory=tuple):
    if is_late(obj) and tuple_factory is tuple:
        return converted(obj, "as_tuple", True)
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _as_tuple(obj, tuple_factory)


def _as_tuple(obj, make):
    if is_late(obj) and make is tuple:
        return converted(obj, "as_tuple", False)
    if _is_instance(obj):
        return make([_as_tuple(getattr(obj, one.name), make) for one in fields(obj)])
    return _inside(obj, lambda item: _as_tuple(item, make))


def replace(obj, /, **changes):
    if is_late(obj):
        return of_dataclass(obj, lambda one: _replaced(one, dict(changes)))
    return _replaced(obj, changes)


def _replaced(obj, changes):
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for one in getattr(obj, _FIELDS).values():
        if one._kind == "classvar":
            continue
        if not one.init:
            if one.name in changes:
                raise ValueError(
                    f"field {one.name} is declared with init=False, it cannot be specified with "
                    "replace()"
                )
            continue
        if one.name not in changes:
            if one._kind == "initvar" and one.default is MISSING:
                raise ValueError(f"InitVar {one.name!r} must be specified with replace()")
            changes[one.name] = getattr(obj, one.name)
    return obj.__class__(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    values = dict(namespace or {})
    notes = {}
    for item in fields:
        if isinstance(item, str):
            notes[item] = "typing.Any"
        else:
            notes[item[0]] = item[1]
            if len(item) == 3:
                values[item[0]] = item[2]
    values["__annotations__"] = notes
    return dataclass(type(cls_name, bases, values), **options)
