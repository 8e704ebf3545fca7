"""The program as the front end emitted it, kept for the run: what says which warnings there are.

In: a module at the numpy stage. Out: its text and constants, `.fleet.numpy` in an executable, and
the module again. The one idea: machine code only leaves a trace of a division by zero; which of the
program's operations it was, and what NumPy calls it, NumPy itself says when it runs this. Constants
that the executable has anyway are read where they are.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

import fleet.dialects  # noqa: F401 - declares the operations
from fleet.diagnostics import FleetError
from fleet.dialects.numpy_warnings import by_schedule, can_warn, show_on
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.definition import PURE
from fleet.ir.interpreter import Interpreter
from fleet.ir.parser import parse_module
from fleet.ir.printer import print_op
from fleet.ir.resources import Resources
from fleet.vm.bytecode import ORIGINAL

TEXT, TABLE = "numpy.mlir", "arrays.json"

View = Callable[[str, np.dtype, int], np.ndarray]
"""(symbol, dtype, count) -> the array there."""


@dataclass(frozen=True)
class Original:
    """A program at the numpy stage.

    places: file, line and column of what the schedule computes itself and NumPy may warn of.
    always: whether something that NumPy may warn of has no use, so that it is not computed at all.
    """

    text: str
    arrays: Mapping[str, np.ndarray]
    places: frozenset[tuple[str, int, int]]
    always: bool

    def run(self, host: Host) -> None:
        """Run the program, and show what NumPy warns of."""
        module = parse_module(self.text, ORIGINAL, resources=self.arrays)
        Interpreter(module, host, warn=show_on(host)).run()

    def encode(self, symbols: Mapping[str, np.ndarray]) -> bytes:
        """The section. symbols: the arrays of the executable by name."""
        known = {id(array): symbol for symbol, array in symbols.items()}
        table: dict[str, tuple[str, str, tuple[int, ...]] | None] = {}
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            _add(archive, TEXT, self.text.encode())
            for number, (name, array) in enumerate(self.arrays.items()):
                symbol = known.get(id(array))
                if symbol is not None:
                    table[name] = symbol, array.dtype.str, array.shape
                    continue
                table[name] = None
                stored = io.BytesIO()
                np.lib.format.write_array(stored, array, allow_pickle=False)
                _add(archive, f"{number}.npy", stored.getvalue())
            _add(archive, TABLE, json.dumps(table).encode())
        return data.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """A member that is the same whenever it is written."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def original(module: Operation) -> Original | None:
    """What to keep of a module at the numpy stage; None where NumPy cannot warn of anything."""
    doubtful = [op for op in module.walk() if can_warn(op)]
    if not doubtful:
        return None
    resources = Resources()
    text = print_op(module, locations=True, resources=resources)
    places = {
        (op.location.file, op.location.line, op.location.column)
        for op in doubtful
        if by_schedule(op)
    }
    unused = _unused(module)
    return Original(
        text,
        {name: attribute.value for name, attribute in resources.arrays.items()},
        frozenset(places),
        any(op in unused for op in doubtful),
    )


def _unused(module: Operation) -> set[Operation]:
    """Operations on which nothing depends but such as these."""
    found: set[Operation] = set()
    for op in reversed(list(module.walk())):
        if op.has_trait(PURE) and not op.regions and all(
            user in found for result in op.results for user, _ in result.uses
        ):
            found.add(op)
    return found


def text_of(data: bytes | memoryview) -> str:
    """The text in a section. Raises FleetError where it is damaged."""
    with _reading(data) as archive:
        return archive.read(TEXT).decode()


def decode(data: bytes | memoryview, view: View) -> Original:
    """What a section holds. Raises FleetError where it is damaged."""
    arrays = {}
    with _reading(data) as archive:
        text = archive.read(TEXT).decode()
        for number, (name, kept) in enumerate(json.loads(archive.read(TABLE)).items()):
            if kept is None:
                stored = io.BytesIO(archive.read(f"{number}.npy"))
                arrays[name] = np.lib.format.read_array(stored, allow_pickle=False)
                continue
            symbol, dtype, shape = kept
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = view(symbol, np.dtype(dtype), count).reshape(shape)
    return Original(text, arrays, frozenset(), always=False)


@contextmanager
def _reading(data: bytes | memoryview) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
            TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error) as error:
        raise FleetError(
            f"{ORIGINAL}: the program is malformed ({error})",
            hint="rebuild the executable with `fleet build`",
        ) from error
