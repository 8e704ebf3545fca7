"""The program as the front end emitted it: what says which warnings there are.

In: a module at the numpy stage. Out: what is kept of it for the run, and where there is a reason to
look; and the program run once more, by NumPy. The one idea: machine code only leaves a trace of a
division by zero; which of the program's operations it was, and what NumPy calls it, NumPy says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import fleet.dialects  # noqa: F401 - declares the operations
from fleet.dialects.numpy.warnings import by_schedule, can_warn, show_on
from fleet.host import Host, of_parts
from fleet.ir.core import Operation
from fleet.ir.definition import ELEMENTWISE, PURE
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.printing.resources import Resources
from fleet.kept import SECTION, Kept


@dataclass(frozen=True)
class Original:
    """A program at the numpy stage.

    places: file, line and column of what the schedule computes itself and NumPy may warn of.
    always: whether something that NumPy may warn of is used in part or not at all, and so computed
        in part or not at all.
    """

    kept: Kept
    places: frozenset[tuple[str, int, int]]
    always: bool


def run(kept: Kept, host: Host) -> None:
    """Run the program, and show what NumPy warns of."""
    module = parse_module(kept.text, SECTION, resources=kept.arrays)
    Interpreter(module, host, warn=show_on(host), meanings=MEANINGS).run()


def _transformed(re: np.ndarray, im: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(all="ignore"):
        made = np.fft.fft(of_parts(re, im))
    return np.ascontiguousarray(made.real), np.ascontiguousarray(made.imag)


MEANINGS = {"fft": _transformed}
"""By the attribute `meaning`: NumPy's own for our prelude's functions of loops over elements."""


def original(module: Operation) -> Original | None:
    """What to keep of a module at the numpy stage; None where NumPy cannot warn of anything."""
    doubtful = [op for op in module.walk() if can_warn(op)]
    if not doubtful:
        return None
    resources = Resources()
    text = print_op(module, locations=True, plain=True, resources=resources)
    places = {
        (op.location.file, op.location.line, op.location.column)
        for op in doubtful
        if by_schedule(op)
    }
    unused = _unused(module)
    arrays = {name: attribute.value for name, attribute in resources.arrays.items()}
    return Original(
        Kept(text, arrays),
        frozenset(places),
        any(op in unused or _is_cut(op) for op in doubtful),
    )


_PARTIAL = {
    f"numpy.{name}" for name in (
        "divide", "floor_divide", "remainder", "power", "float_power",
        "sqrt", "log", "log2", "log10", "log1p",
    )
}  # fmt: skip
"""Functions that are not for all numbers. Others can only overflow; with them every program that
takes a row of `x @ w + b` would have to be run twice."""


def _is_cut(op: Operation) -> bool:
    """Whether only a slice of what becomes of a result is used, so that `push-slices` computes no
    more than that."""
    if op.name not in _PARTIAL:
        return False
    while len(op.result.uses) == 1:
        (op,) = op.result.users
        if op.name == "numpy.slice":
            return True
        if not op.has_trait(ELEMENTWISE):
            return False
    return False


def _unused(module: Operation) -> set[Operation]:
    """Operations on which nothing depends but such as these."""
    found: set[Operation] = set()
    for op in reversed(list(module.walk())):
        if op.has_trait(PURE) and not op.regions and all(
            user in found for result in op.results for user, _ in result.uses
        ):
            found.add(op)
    return found
