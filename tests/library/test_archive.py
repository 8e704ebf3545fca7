"""np.load as memory maps: the arrays that NumPy loads, without reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fleet.library.numpy.archive import Archive, load


def unnamed(array: np.ndarray, name: str) -> np.ndarray:
    return array


def is_mapped(array: Any) -> bool:
    while isinstance(array, np.ndarray):
        array = array.base
    return type(array).__name__ == "mmap"


ARRAYS = {
    "plain": np.arange(6, dtype=np.float32).reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "scalar": np.array(2.5),
    "empty": np.zeros((0, 4), np.int16),
    "a.b/c": np.array([True, False]),
}


def test_members_of_an_archive_are_what_numpy_loads_and_stay_in_the_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", **ARRAYS)
    archive = load(tmp_path / "x.npz", unnamed)
    assert list(archive) == archive.files == list(ARRAYS) and len(archive) == len(ARRAYS)
    for name, array in archive.items():
        assert array.dtype == ARRAYS[name].dtype and array.shape == ARRAYS[name].shape
        np.testing.assert_array_equal(array, ARRAYS[name])
        assert is_mapped(array) or not array.size
    assert archive["fortran"].flags.f_contiguous


def test_a_compressed_archive_is_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "x.npz", **ARRAYS)
    archive = load(str(tmp_path / "x.npz"), unnamed)
    for name in ARRAYS:
        np.testing.assert_array_equal(archive[name], ARRAYS[name])


def test_a_single_array_is_mapped(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", ARRAYS["plain"])
    array = load(tmp_path / "x.npy", unnamed)
    np.testing.assert_array_equal(array, ARRAYS["plain"])
    assert is_mapped(array)


def test_every_array_is_named_after_its_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", w=np.ones(2))
    names = []
    archive = load(tmp_path / "x.npz", lambda array, name: names.append(name))
    archive["w"]
    assert names == ["x.npz:w"]


def test_mistakes_are_numpys(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", w=np.ones(2), o=np.array([{}]))
    archive = load(tmp_path / "x.npz", unnamed)
    assert isinstance(archive, Archive)
    with pytest.raises(KeyError, match="nope is not a file in the archive"):
        archive["nope"]
    with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
        archive["o"]
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz", unnamed)
    (tmp_path / "bad").write_bytes(b"something else")
    with pytest.raises(ValueError, match="pickled"):
        load(tmp_path / "bad", unnamed)
