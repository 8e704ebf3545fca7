"""Arrays in files that a program opens while it runs: NumPy's own readers and writers.

In: open files, by the host service `file`. Out: what NumPy has read, one of the run's objects, and
from that the arrays that the program was built for. The one idea: what is in a file decides of
which dtype and rank its array is, and a program was built for one; so reading and taking are two
steps, and the second one says where they differ.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from fleet.diagnostics import FleetError


def encoded(options: Mapping[str, Any]) -> str:
    """Options of a reader as a text; JSON has no dictionaries whose keys are numbers."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {"pairs": [[key, plain(one)] for key, one in value.items()]}
        return [plain(one) for one in value] if isinstance(value, list | tuple) else value

    return json.dumps([[name, plain(value)] for name, value in options.items()])


def _decoded(text: str) -> dict[str, Any]:
    return dict(json.loads(text, object_hook=lambda found: dict(found["pairs"])))


def described(dtype: np.dtype) -> str:
    return repr(np.lib.format.dtype_to_descr(dtype))


def _dtype(text: str) -> np.dtype:
    return np.lib.format.descr_to_dtype(ast.literal_eval(text))


def _read(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Any:
    """What np.loadtxt, genfromtxt, fromfile or load gives of a file."""
    how, given = options["how"], _decoded(options["options"])
    file, *more = arguments
    if how == "load":
        start = file.tell()
        is_archive = file.read(2) == b"PK"  # whose arrays are read when they are asked for
        file.seek(start)
        return np.load(io.BytesIO(file.read()) if is_archive else file)
    if how == "fromfile":
        count, offset = map(int, more)
        return np.fromfile(file, _dtype(options["dtype"]), count, given["sep"], offset)
    if options["texts"]:  # which functions of the program convert
        given |= {"converters": str, "ndmin": 2}
    return getattr(np, how)(file, _dtype(options["dtype"]), **given)


def _take(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> np.ndarray:
    """The array that the program was built for, of what was read or of a field of it.

    Options: `path`, names of fields; `dtype`; `rank`, of any rank in one row with -1; `columns`:
    whether it lies by columns; `call`: how it was read. Raises FleetError where it is another.
    """
    found, *_ = arguments
    call = str(options["call"])
    if not isinstance(found, np.ndarray):
        raise FleetError(f"{call} read an archive, and the program was built for an array")
    for name in json.loads(options["path"]):
        found = found[name]
    dtype, rank = np.dtype(options["dtype"]), int(options["rank"])
    if rank < 0:
        return _held(_in_a_row(found, dtype, call))
    if found.dtype != dtype or found.ndim != rank:
        raise FleetError(
            f"{call} read an array of dtype {found.dtype} and rank {found.ndim} from a file that "
            f"only run time knows, and the program was built for dtype {dtype} and rank {rank}",
            hint="ndmin=2 makes it one of rank 2, whatever the file has" if "txt" in call
            else "np.load(path).astype(np.float64).reshape(-1, 3) takes any",
        )
    by_columns = _lies_by_columns(found)
    if by_columns != bool(options["columns"]) and not (
            found.flags.c_contiguous and found.flags.f_contiguous):  # fmt: skip
        raise FleetError(
            f"{call} read an array that lies by {'columns' if by_columns else 'rows'} from a file "
            "that only run time knows, and the program was built for the other",
            hint="save np.ascontiguousarray(x)",
        )
    return _held(found.T if options["columns"] else found)


def _held(array: np.ndarray) -> np.ndarray:
    """As the machine has it: complex numbers as pairs, float16 as float32."""
    if array.dtype.kind == "c":
        pairs = np.ascontiguousarray(array)
        return pairs.view(pairs.real.dtype).reshape(*array.shape, 2)
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _in_a_row(found: np.ndarray, dtype: np.dtype, call: str) -> np.ndarray:
    if found.dtype.kind not in "biufc" or found.dtype.kind == "c" != dtype.kind:
        raise FleetError(f"{call} read an array of dtype {found.dtype}, which becomes no {dtype}")
    if _lies_by_columns(found):
        raise FleetError(
            f"{call} read an array that lies by columns from a file that only run time knows",
            hint="save np.ascontiguousarray(x)",
        )
    with np.errstate(all="ignore"):
        return found.astype(dtype).reshape(-1)


def _lies_by_columns(array: np.ndarray) -> bool:
    return array.flags.f_contiguous and not array.flags.c_contiguous


def _member(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> Any:
    archive, key = arguments
    if isinstance(archive, np.ndarray):
        raise FleetError("np.load read an array, and the program was built for an archive")
    if key not in archive:
        error = KeyError(f"{key} is not a file in the archive")
        error.args, error.key = (repr(error.args[0]),), error.args[0]
        raise error
    return archive[key]


def _names(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> list[str]:
    (archive,) = arguments
    if isinstance(archive, np.ndarray):
        raise FleetError("np.load read an array, and the program was built for an archive")
    return list(archive.files)


def _measure(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> int:
    (array,) = arguments
    if not isinstance(array, np.ndarray):
        raise FleetError("np.load read an archive, and the program was built for an array")
    if options["what"] in ("len", "columns"):
        return len(array) if options["what"] == "len" else array.shape[1]
    return int(getattr(array, options["what"]))


def _given(array: np.ndarray, columns: bool) -> np.ndarray:
    return np.asfortranarray(array) if columns else array


def _save(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> int:
    file, array, columns = arguments
    np.save(file, _given(np.asarray(array), columns))
    return 0


def _save_all(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> int:
    """np.savez, and with option `compressed` savez_compressed; after the arrays follows of each
    whether it lies by columns."""
    file, *given = arguments
    save = np.savez_compressed if options["compressed"] else np.savez
    names = json.loads(options["names"])
    arrays = zip(names, given[: len(names)], given[len(names) :], strict=True)
    save(file, **{name: _given(np.asarray(array), columns) for name, array, columns in arrays})
    return 0


def _to_file(host: Any, arguments: list[Any], options: Mapping[str, Any]) -> int:
    file, array, sep, form = arguments
    file.flush()
    np.asarray(array).tofile(file, sep, form)
    return 0


SERVICES: dict[str, Callable[[Any, list[Any], Mapping[str, Any]], Any]] = {
    "read_arrays": _read, "take_array": _take, "member": _member, "members": _names,
    "measure": _measure, "save": _save, "savez": _save_all, "tofile": _to_file,
    "cell": lambda host, arguments, options: str(arguments[0][tuple(arguments[1:])]),
}  # fmt: skip
"""By name; each has one result."""


def perform(
    host: Any, name: str, arguments: list[Any], options: Mapping[str, Any]
) -> Sequence[object]:
    return (SERVICES[name](host, arguments, options),)
