"""`fleet numpy`: the table of NumPy's names, one name, and what it says at build of what is not."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from command_line import ROOT, CommandLine

from fleet.diagnostics import FleetError
from fleet.frontend import library_machine, run_ast
from fleet.library.numpy.names import ABSENT, PYTHON, Entry, explained, find, markdown, numpy_names
from fleet.library.numpy.prelude_names import index


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Entry]]:
    return numpy_names(library_machine())


def test_every_public_name_of_numpy_is_in_the_table(tables: dict[str, list[Entry]]) -> None:
    names = {entry.name for entry in tables["numpy"]}
    assert names == {name for name in dir(np) if not name.startswith("_")}
    methods = {entry.name for entry in tables["numpy.ndarray"]}
    assert methods == {name for name in dir(np.ndarray) if not name.startswith("_")}


def test_what_is_in_python_is_where_the_table_says(tables: dict[str, list[Entry]]) -> None:
    places = [entry.place for every in tables.values() for entry in every if entry.how == PYTHON]
    assert len(places) > 200
    for place in places:
        file, _, line = place.rpartition(":")
        text = (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert re.match(r"def |class |\w+(, \w+)* = ", text)


def test_what_is_not_here_is_refused_with_its_help(
    tables: dict[str, list[Entry]], tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    for entry in tables["numpy"]:
        if entry.how != ABSENT:
            continue
        program.write_text(f"import numpy as np\nnp.{entry.name}\n", encoding="utf-8")
        with pytest.raises(FleetError) as refused:
            run_ast(program)
        assert refused.value.message == f"numpy.{entry.name} is not supported"
        assert refused.value.hint == (entry.note or None)


def test_every_name_can_be_explained(tables: dict[str, list[Entry]]) -> None:
    for entries in tables.values():
        for entry in entries:
            assert explained(entry)[0].startswith(f"{entry.full}: {entry.how}")
            assert entry in find(tables, entry.full)


def test_the_page_of_the_documentation_is_what_the_command_prints(
    tables: dict[str, list[Entry]]
) -> None:
    page = (ROOT / "docs" / "numpy.md").read_text(encoding="utf-8")
    assert page == markdown(tables), "run: fleet numpy --markdown > docs/numpy.md"


def test_the_command_explains_and_corrects(run: CommandLine) -> None:
    shown = run("numpy", "np.linalg.inv").stdout
    place = index()["inv"]
    assert f"{place.file.name}:{place.line}" in shown
    assert "signature: inv(a)" in shown
    assert "did you mean 'median'?" in run.rejects("numpy", "medain")
