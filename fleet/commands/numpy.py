"""`fleet numpy`: how each name of NumPy's is defined here, or why it is not there."""

from __future__ import annotations

import argparse
import difflib

from fleet.commands.options import show
from fleet.diagnostics import FleetError
from fleet.frontend import library_machine
from fleet.library.numpy.names import ABSENT, explained, find, listed, markdown, numpy_names

EXAMPLE = "numpy median"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME",
        help="explain this one: np.median, linalg.inv, ndarray.sort",
    )  # fmt: skip
    parser.add_argument("--missing", action="store_true", help="list only what is not here")
    parser.add_argument(
        "--markdown", action="store_true", help="print the table as the page of the documentation"
    )


def run(options: argparse.Namespace) -> int:
    tables = numpy_names(library_machine())
    if options.markdown:
        show(markdown(tables))
    elif options.name is None:
        show("\n".join(listed(tables, lambda one: one.how == ABSENT or not options.missing)))
    else:
        show("\n".join(_about(tables, options.name)))
    return 0


def _about(tables: dict, name: str) -> list[str]:
    found = find(tables, name)
    if not found:
        every = {entry.name for entries in tables.values() for entry in entries}
        close = difflib.get_close_matches(name.rpartition(".")[2], sorted(every), n=1)
        hint = f"did you mean {close[0]!r}?" if close else "`fleet numpy` lists all names"
        raise FleetError(f"NumPy has no `{name}`", hint=hint)
    return [line for entry in found for line in explained(entry)]
