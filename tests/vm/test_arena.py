"""The arena against a plain model: buffers never overlap, and all memory comes back."""

from __future__ import annotations

import random

import pytest

from fleet.vm.arena import ALIGNMENT, Arena


@pytest.mark.parametrize("seed", range(20))
def test_buffers_never_overlap_and_freed_memory_merges(seed: int) -> None:
    rng = random.Random(seed)
    arena = Arena(0x1000, 1 << 16)
    live: dict[int, int] = {}
    for _ in range(2000):
        if live and rng.random() < 0.48:
            address = rng.choice(list(live))
            arena.free(address)
            del live[address]
            continue
        size = rng.choice([0, 1, 63, 64, 65, rng.randrange(3000)])
        try:
            address = arena.alloc(size)
        except MemoryError:
            continue
        assert address % ALIGNMENT == 0
        assert address >= 0x1000 and address + size <= 0x1000 + (1 << 16)
        for other, length in live.items():
            assert address + size <= other or other + length <= address
        live[address] = max(size, 1)
    for address in live:
        arena.free(address)
    assert arena.used == 0
    assert arena.alloc(1 << 16) == 0x1000, "everything is one free range again"


def test_a_request_beyond_the_arena_is_a_memory_error() -> None:
    arena = Arena(0, 4096)
    with pytest.raises(MemoryError):
        arena.alloc(4097)
    with pytest.raises(MemoryError):
        arena.alloc(-1)


def test_freeing_what_was_not_allocated_is_a_key_error() -> None:
    arena = Arena(0, 4096)
    address = arena.alloc(10)
    arena.free(address)
    with pytest.raises(KeyError):
        arena.free(address)


def test_the_peak_counts_live_memory_not_allocations() -> None:
    arena = Arena(0, 1 << 20)
    for _ in range(100):
        arena.free(arena.alloc(1000))
    assert arena.peak == 1024


def test_what_grows_stays_where_it_is_as_long_as_there_is_room() -> None:
    arena, copied = Arena(0, 1 << 20), []
    address, size = arena.alloc(10), 10
    for _ in range(2000):
        grown = arena.grow(address, size, size + 8, lambda *copy: copied.append(copy))
        if grown != address:
            assert copied[-1] == (grown, address, size)
        address, size = grown, size + 8
        assert list(arena.live) == [address]
        assert arena.live[address] >= size
    assert len(copied) < 40
    assert arena.grow(address, 10, 10, lambda *copy: copied.append(copy)) != address
    assert arena.used == 64


def test_what_grows_takes_no_more_than_it_has_to_where_there_is_little() -> None:
    arena = Arena(0, 1 << 14)
    address = arena.alloc(1 << 12)
    address = arena.grow(address, 1 << 12, 3 << 12, lambda *copy: None)
    assert arena.live == {address: 3 << 12}
