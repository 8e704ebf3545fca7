"""How NumPy prints: set_printoptions and the like, array2string and its kin.

In: options and arrays. Out: texts. The one idea: NumPy prints, when it runs where values are known,
and as a service of the host with the same options where they are not; only the functions of a
`formatter` are the program's, so what they make of each element is known before NumPy places it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fleet.evaluator.language import calls
from fleet.evaluator.objects import members, operations
from fleet.evaluator.state.machine import PRINTED, Machine, known_options
from fleet.evaluator.values import objects, sizes, texts
from fleet.evaluator.values.emitter import tensor_type
from fleet.evaluator.values.heap import Dict, List
from fleet.evaluator.values.ndarrays import arrays, tensors
from fleet.evaluator.values.single import is_object_array
from fleet.evaluator.values.then import Array, Number, Tensor, Then
from fleet.objects.texts import positions_shown

_KEYS = {"b": ("all", "bool"), "i": ("all", "int_kind", "int"), "u": ("all", "int_kind", "int"),
         "f": ("all", "float_kind", "float"),
         "c": ("all", "complex_kind", "complexfloat")}  # fmt: skip
"""Kind of dtype -> keys of a formatter, of which the last that is there counts."""
_MOST = 2000
"""Elements that a formatter is called for, one by one."""
_POSITIONS = np.dtype("int64")
_ARRAYS = "array2string array_repr array_str".split()
_NUMBERS = "format_float_positional format_float_scientific".split()


def changed(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are not NumPy's own after a call with some. Raises what NumPy raises."""
    late = {name: value for name, value in {**before, **given}.items() if isinstance(value, Then)}
    with np.printoptions():
        np.set_printoptions(**known_options({**before, "formatter": None, **given}))
        made = np.get_printoptions()
    return {name: value for name, value in made.items() if value != PRINTED[name]} | late


class PrintOptions:
    """np.printoptions(...): other options inside."""

    def __init__(self, machine: Machine, *values: Any, **options: Any) -> None:
        self._machine = machine
        self._options = _named(values, options)
        changed(self._options, {})

    def __enter__(self) -> Dict:
        self._before = self._machine.printing
        self._machine.printing = changed(self._options, self._before)
        return Dict(self._machine.heap, {**PRINTED, **self._machine.printing})

    def __exit__(self, *_: object) -> None:
        self._machine.printing = self._before


members.declare(PrintOptions, type(np.printoptions()))

_ORDER = "precision threshold edgeitems linewidth suppress nanstr infstr formatter sign".split()


def _named(values: tuple, options: dict[str, Any]) -> dict[str, Any]:
    """The options of a call by their names. Of some the run may know what they are."""
    given = dict(zip(_ORDER, values, strict=False)) | options
    for name, value in given.items():
        kind = value.kind if isinstance(value, Number) else None
        if kind == "float" and name in ("precision", "edgeitems"):
            raise TypeError("'float' object cannot be interpreted as an integer")
        if isinstance(value, Then) and (kind is None or name not in _LATE):
            raise value.needed_now(f"the option `{name}` of printing")
    return given


_LATE = ("precision", "threshold", "edgeitems", "linewidth", "suppress")


def _are_same(options: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    return options.keys() == others.keys() and all(
        value is others[name] or not isinstance(value, Then) and value == others[name]
        for name, value in options.items()
    )


def printing_table(machine: Machine) -> dict[str, Any]:
    """NumPy's functions about it."""

    def set_printoptions(*values: Any, **options: Any) -> None:
        made = changed(_named(values, options), machine.printing)
        if machine.regions and not _are_same(made, machine.printing):
            raise machine.error(
                "np.set_printoptions under a run-time branch or loop is not supported",
                "call it before, or use `with np.printoptions(...):`",
            )
        machine.printing = made

    def get_printoptions() -> Dict:
        return Dict(machine.heap, {**PRINTED, **machine.printing})

    table: dict[str, Callable[..., Any]] = {
        "set_printoptions": set_printoptions, "get_printoptions": get_printoptions,
        "printoptions": lambda *values, **options: PrintOptions(machine, *values, **options),
    }  # fmt: skip
    return table | {name: _text_function(machine, name) for name in (*_ARRAYS, *_NUMBERS)}


def _text_function(machine: Machine, name: str) -> Callable[..., Any]:
    real = getattr(np, name)

    def function(a: Any, *values: Any, **options: Any) -> Any:
        e = machine.backend.e
        if is_object_array(a):
            options |= dict(zip(_PARAMETERS[name], values, strict=False))
            shown = machine.prelude.get("shown_objects")
            return calls.call_value(machine, shown, (name, a), options)
        a = arrays.asarray(e, a) if e is not None else a
        if not texts.shows_late(a) and not texts.has_run_time((values, options)):
            return real(arrays.plain(a), *values, **options)
        given = dict(zip(_PARAMETERS[name], values, strict=False)) | options
        formatter = given.pop("formatter", None)
        if formatter is not None:
            given["formatter"] = formatter
        return text_of_array(machine, a, name, given)

    function.__name__ = name
    return function


_PARAMETERS = {
    "array2string": "max_line_width precision suppress_small separator prefix".split(),
    **dict.fromkeys(_ARRAYS[1:], "max_line_width precision suppress_small".split()),
    "format_float_positional": "precision unique fractional trim sign pad_left pad_right "
    "min_digits".split(),
    "format_float_scientific": "precision unique trim sign pad_left exp_digits min_digits".split(),
}
"""Their parameters after the first, in order."""


def text_of_array(machine: Machine, a: Any, name: str, given: dict[str, Any]) -> Any:
    """What a function makes of an array of run time, whose formatter may be the program's."""
    e = machine.backend.e
    formatter = given.pop("formatter", None) or machine.printing.get("formatter")
    chosen = None
    if name in _ARRAYS and formatter is not None:
        keys = [key for key in _KEYS[a.dtype.kind] if key in formatter]
        chosen = formatter[keys[-1]] if keys else None
    if chosen is None:
        return objects.function(e, f"numpy.{name}", [a], "str", **given)
    flat = machine.backend.primitives["reshape"](a, (-1,))
    if any(not isinstance(dim, int) for dim in tensors.dims_of(a)):
        items = objects.make(e, List(machine.heap))
        given_items = chosen, flat, _shown_then(machine, a, given), items
        calls.call_value(machine, machine.prelude.get("format_items"), given_items, {})
    else:
        made = [calls.call_value(machine, chosen, (operations.get_item(machine, flat, i),), {})
                for i in _shown(machine, a, given)]  # fmt: skip
        items = objects.box(e, List(machine.heap, made), False)
    return objects.function(e, f"numpy.{name}", [a], "str", texts=items, **given)


def _shown_then(machine: Machine, a: Array, given: dict[str, Any]) -> Array:
    """The elements of an array that are shown, in order, where only run time knows its shape."""
    e = machine.backend.e
    options = {name: given[name] for name in ("threshold", "edgeitems") if name in given}
    operands = [objects.operand(e, value) for value in (a, *options.values())]
    (native,) = e.host(
        "function", [value for _, value in operands], [kind for kind, _ in operands],
        [("array", tensor_type((None,), _POSITIONS))], name="numpy.shown", named=list(options),
    )  # fmt: skip
    return tensors.wrap(e, Tensor(native, (sizes.length(),), _POSITIONS))


def _shown(machine: Machine, a: Array, given: dict[str, Any]) -> list[int]:
    """The elements that are shown, in order."""
    options = {name: given[name] for name in ("threshold", "edgeitems") if name in given}
    found = positions_shown(np.empty(tensors.dims_of(a), bool), **options).tolist()
    if len(found) > _MOST:
        raise machine.error(
            f"a formatter for {len(found)} elements that only run time knows is not supported",
            "let NumPy show fewer of them: threshold=1000",
        )
    return found


def shown_by_formatter(machine: Machine, value: Any, conversion: str) -> Any:
    """The text of an array of run time where a formatter of the program is in force, or None."""
    if "formatter" not in machine.printing or not isinstance(value, Array) or value.scalar:
        return None
    name = "array_repr" if conversion in ("!r", "!a") else "array_str"
    return text_of_array(machine, value, name, {})
