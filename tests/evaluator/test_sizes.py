"""Symbolic sizes: what is provably equal, and what is provably not below something."""

from __future__ import annotations

import random

from fleet.evaluator.values.sizes import Size, at_least, combine, fresh, least, minus, plus, times


def test_a_size_equals_itself_and_no_other() -> None:
    n, m = fresh(0), fresh(0)
    assert n == n and n != m
    assert plus(n, m) == plus(m, n)
    assert minus(plus(n, m), m) == n
    assert minus(n, n) == 0


def test_lower_bounds_follow_from_the_parts() -> None:
    n = fresh(2)
    assert least(plus(times(n, 3), 1)) == 7
    assert least(minus(0, n)) is None
    assert at_least(plus(n, 1), n) and not at_least(n, plus(n, 1))
    assert at_least(n, 2) and not at_least(n, 3)


def test_products_of_two_unknowns_are_not_sizes() -> None:
    assert times(fresh(0), fresh(0)) is None


def test_random_sums_behave_as_their_values() -> None:
    source = random.Random(1)
    for _ in range(300):
        atoms = [fresh(0) for _ in range(3)]
        values = {id(atom): source.randrange(9) for atom in atoms}
        parts = [
            (source.choice([*atoms, source.randrange(-5, 5)]), source.randrange(-3, 4))
            for _ in range(4)
        ]
        total = combine(parts)
        expected = sum(values.get(id(size), size) * factor for size, factor in parts)
        if isinstance(total, Size):
            by_atom = {next(iter(atom.terms))[0]: values[id(atom)] for atom in atoms}
            found = total.constant + sum(by_atom[atom] * factor for atom, factor in total.terms)
        else:
            found = total
        assert found == expected
        low = least(total)
        assert low is None or low <= expected


def test_a_sum_with_a_number_is_the_sum_of_any_parts() -> None:
    source = random.Random(2)
    sizes = [fresh(), fresh(1), fresh(None, 7), fresh(-2, 9)]
    sizes += [combine([(one, source.randrange(-3, 4) or 1), (4, 1)]) for one in sizes]
    for size in sizes:
        for number in (0, 5, -3):
            for found, parts in (
                (plus(size, number), [(size, 1), (number, 1)]),
                (plus(number, size), [(number, 1), (size, 1)]),
                (minus(size, number), [(size, 1), (number, -1)]),
            ):
                expected = combine(parts)
                assert found == expected
                assert (found.least, found.most) == (expected.least, expected.most)
