"""Python looks for garbage seldom while a program is compiled, and then as often as before."""

from __future__ import annotations

import gc
import threading

import pytest

from fleet.collector import SELDOM, few_cycles


@few_cycles
def compiled(*others: object) -> tuple[int, int, int]:
    for other in others:
        other()
    return gc.get_threshold()


def test_the_collector_comes_seldom_while_one_compiles_and_then_as_before() -> None:
    before = gc.get_threshold()
    assert compiled(compiled) == SELDOM
    assert gc.get_threshold() == before
    with pytest.raises(ZeroDivisionError):
        compiled(lambda: 1 / 0)
    assert gc.get_threshold() == before


def test_compilations_that_overlap_in_threads_leave_what_was_before_the_first() -> None:
    before = gc.get_threshold()
    begun, ended = threading.Event(), threading.Event()
    found: list[tuple[int, int, int]] = []
    first = threading.Thread(target=compiled, args=(begun.set, ended.wait))
    second = threading.Thread(
        target=lambda: found.append(compiled(ended.set, first.join)), daemon=True)  # fmt: skip
    first.start()
    begun.wait(10)
    second.start()
    second.join(10)
    assert found == [SELDOM]
    assert gc.get_threshold() == before


def test_who_has_switched_the_collector_off_keeps_it_off() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        assert compiled() == (0, *before[1:])
    finally:
        gc.set_threshold(*before)
