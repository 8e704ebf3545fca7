"""docs/language.md is what `fleet language` prints."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fleet.frontend import library_machine
from fleet.library.language_names import markdown

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the page is of Python 3.11's names")
def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(library_machine()), (
        "python -m fleet language > docs/language.md"
    )
