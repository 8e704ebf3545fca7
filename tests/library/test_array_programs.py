"""Masks, sorting, sets, counts, views: each program, built once, prints what CPython prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_executor import Program, by_cpython

PROGRAMS = {
    "masks.py": (["5", "2"], ["3", "-1"], ["4", "-3"]),
    "ordering.py": (["7"], ["1"], ["30"]),
    "rearranging.py": (["5", "-1"], ["3", "3"]),
    "attributes.py": (["5"], ["4"]),
    "shape_errors.py": (["5"], ["3"]),
    "aliases.py": (["4"], ["2"]),
    "overlapping.py": (["5"], ["4"]),
    "strided_views.py": (["2"], ["-3"]),
    "typical.py": (["5"],),
    "bins.py": (["20"],),
    "caught.py": (["4", "0", "1", "2", "4"], ["1", "3"], ["2", "1", "2"], ["0"]),
    "given_ranges.py": (["3"], ["4"]),
    "nothing_and_all_dtypes.py": (["4"],),
    "complex_numbers.py": (["3"], ["6"]),
    "fourier.py": (["1"],),
    "fourier_errors.py": (["5"],),
    "scalars_or_lists.py": (["1"], ["2"], ["3"], ["4"], ["5"]),
    "halves.py": (["1"], ["3"]),
    "half_sums.py": (["6"], ["1"]),
    "memory_order.py": (["3"], ["4"]),
    "texts_in_arrays.py": (["2", "fig"], ["1", "Bo"]),
    "less_common.py": (["3"], ["1"]),
    "greatest_and_least.py": (["4"], ["1"]),
    "lists_of_lists.py": (["3"], ["4"]),
    "numbers_of_run_time.py": (["2"], ["3"]),
    "dicts_of_arrays.py": (["a", "b", "a", "c"], ["z", "b"]),
    "kept_arrays.py": (["3"], ["1"]),
    "objects_in_arrays.py": (["4"], ["2"]),
    "objects_known.py": ([],),
    "objects_ordered.py": (["5"], ["9"]),
    "functions_of_objects_1.py": ([],),
    "functions_of_objects_2.py": ([],),
    "python_functions.py": (["12"], ["3"]),
    "exact_objects.py": (["4"],),
    "variances.py": (["3"], ["9"]),
    "complex_sums.py": (["3"],),
    "boards_of_objects.py": (["2", "3", "2"],),
    "shelves_of_objects.py": (["2", "3", "5"],),
    "instances_with_objects.py": (["3", "x", "y", "-x", "z", "w", "v"],),
    "objects_in_loops.py": (["6"], ["4"]),
    "objects_into_numbers.py": (["5"], ["2"]),
    "flood_of_objects.py": (["aab", "aba", "bbb"],),
    "objects_mixed.py": ([],),
    "objects_of_money.py": (["100", "250", "999", "5"],),
    "objects_shuffled.py": (["8"],),
    "cells_of_objects.py": (["5", "3"],),
    "shifts_of_objects.py": (["4"],),
    "noughts_and_crosses.py": (["4", "0", "8", "2", "6", "3", "5"], ["0", "4", "1", "4", "2"]),
    "ints_or_floats.py": (["a=1", "b=2.5", "a=4", "b=3"], ["a=1.5", "a=2", "b=7"]),
}
FOLDER = Path(__file__).parent / "array_programs"


@pytest.mark.parametrize("executor", ["ast", "emu"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_what_cpython_prints(name: str, executor: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((FOLDER / name).read_bytes())
    program = Program(executor, path)
    for arguments in PROGRAMS[name]:
        assert program.run(arguments) == by_cpython(path, arguments)


def test_polynomials_as_objects(tmp_path: Path) -> None:
    for name in ("power_series.py", "series_families.py"):
        path = tmp_path / name
        path.write_bytes((FOLDER / path.name).read_bytes())
        program = Program("ast", path)
        for arguments in (["2"], ["3"]):
            assert program.run(arguments) == by_cpython(path, arguments)
