"""What the prelude asks of arrays in files of the run: to read them, to write them, what they are.

In: open files and what is known of the arrays in them. Out: arrays. The one idea: a program is
built for one dtype and rank; they are known of a file that it has written itself, of text, and
where the program says so, and that they are right is looked at when the file is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fleet.evaluator.objects import operations
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.values import texts
from fleet.evaluator.values.emitter import tensor_type
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.sizes import length
from fleet.evaluator.values.then import Object, Tensor, Text
from fleet.ir.core import Operation, Value
from fleet.library.files import perform
from fleet.run_arrays import described, encoded

HELD = {"float16": np.dtype("float32"), "complex64": np.dtype("float32"),
        "complex128": np.dtype("float64")}  # fmt: skip
"""As what a service gives arrays of dtypes that the machine has not: complex ones as pairs."""


def run_array_primitives(m: Machine) -> dict[str, Callable[..., Any]]:
    """By name."""
    e = m.backend.e

    def read_arrays(call: str, source: Any, dtype: Any, options: Any, *more: Any) -> Any:
        """What np.`call` reads of a file or of lines of text: an array, an archive."""
        if call != "load":
            dtype = described(np.dtype(dtype))
        given = {name: value for name, value in options.items() if name != "converters"}
        return perform(m, "read_arrays", [source, *more], ("object",), how=call, dtype=dtype or "",
                       options=encoded(given), texts="converters" in options)[0]  # fmt: skip

    def take_array(
        found: Any, call: str, dtype: Any, rank: int, path: Sequence[str] = (),
        columns: bool = False, dims: Sequence[int] = (),
    ) -> Any:  # fmt: skip
        """An array of what was read; rank -1: its elements in a row."""
        if e is None:
            for name in path:
                found = found[name]
            return found
        dtype = np.dtype(dtype)
        if dtype.kind not in "biufc":
            raise m.error(f"{call} of a file that only run time knows gives no {dtype} array",
                          "numbers and bools are read")  # fmt: skip
        tensors.check_dtype(e, dtype)
        held = HELD.get(dtype.name, dtype)
        shape: tuple[int | None, ...] = (None,) * (1 if rank < 0 else rank)
        shape = (*shape, 2) if dtype.kind == "c" else shape
        native = perform(m, "take_array", [found], (("array", tensor_type(shape, held)),),
                         call=call, path=json.dumps(list(path)), dtype=dtype.name, rank=rank,
                         columns=columns)[0]  # fmt: skip
        lengths = tuple(length() if one is None else one for one in shape)
        made = tensors.wrap(e, Tensor(native, lengths, held))
        if dtype.kind == "c":
            parts = (operations.get_item(m, made, (Ellipsis, part)) for part in range(2))
            return m.backend.primitives["of_parts"](*parts)
        return made if held == dtype else m.backend.primitives["cast"](made, dtype)

    def save_arrays(file: Any, names: Any, given: Any, columns: Any, compressed: bool) -> None:
        perform(m, "savez", [file, *given, *columns], ("int",), names=json.dumps(list(names)),
                compressed=compressed)  # fmt: skip

    def ask_array(service: str, gives: Any, *values: Any, **options: Any) -> Any:
        return perform(m, service, list(values), (gives,), **options)[0]

    def note_file(path: Any, what: Any) -> None:
        """What is in a file, as far as the program knows."""
        m.data.kinds[_key(path)] = (path, what)

    def noted_file(path: Any) -> Any:
        found = m.data.kinds.get(_key(path))
        return None if found is None else found[1]

    def members_of(found: Any) -> Any:
        names = perform(m, "members", [found], (list,))[0]
        return m.own(names)

    return {
        "read_arrays": read_arrays, "take_array": take_array, "save_arrays": save_arrays,
        "note_file": note_file, "noted_file": noted_file,
        "member_of": lambda found, key: ask_array("member", "object", found, key),
        "members_of": members_of,
        "measure_of": lambda found, what: ask_array("measure", "int", found, what=what),
        "cell_of": lambda found, *at: ask_array("cell", "str", found, *at),
        "is_lines": lambda value: isinstance(value, list) or (
            isinstance(value, Object) and value.kind is list),
        "is_array": tensors.is_array_like,
        "is_late_text": lambda value: isinstance(value, Text) or texts.has_run_time(value),
    }  # fmt: skip


def _key(path: Any) -> Any:
    """By which a file is found again: where it is, or how run time makes its name."""
    return tuple(_parts(path.native)) if isinstance(path, Text) else Path(path).resolve()


def _parts(value: Value) -> list[Any]:
    """What a text is put together of: the same for the same texts of the same arguments."""
    operation = value.owner
    if not isinstance(operation, Operation):
        return [value]
    if operation.name == "numpy.concatenate":
        parts: list[Any] = []
        for operand in operation.operands:
            for part in _parts(operand):
                if isinstance(part, bytes) and parts and isinstance(parts[-1], bytes):
                    part = parts.pop() + part
                parts.append(part)
        return parts
    if operation.name == "arith.constant":
        found = operation.get("value")
        return [np.asarray(found).tobytes()]
    if operation.name == "numpy.host" and operation.get("service") in ("argv", "format"):
        options = str(operation.attributes.get("options"))
        return [(options, *(tuple(_parts(operand)) for operand in operation.operands))]
    return [value]
