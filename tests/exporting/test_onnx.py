"""Exported functions give in onnxruntime what NumPy gives, and pass the checks of onnx."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exporting.corpus import Case, cases
from tests.exporting.onnx_judges import Judged


@pytest.mark.parametrize("case", cases(), ids=str)
def test_onnxruntime_gives_what_numpy_gives(case: Case, tmp_path: Path) -> None:
    judged = Judged(case.graph(), tmp_path, specified=True)
    for inputs, wanted in case.calls():
        assert not judged.differences(inputs, wanted)
