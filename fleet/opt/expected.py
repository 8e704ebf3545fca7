"""Diagnostics that a text says it expects, compared with those that came: `--verify-diagnostics`.

    // expected-error @+1 {{operand 1 has type i32}}
    // expected-error-re @below {{'arith.{{[a-z]+}}' lacks}}

In: a text (or a span of it) and what was reported. Out: errors, one for each expected diagnostic
that is missing and each that came unexpectedly. As `mlir-opt` has it: `@+N`, `@-N` count lines from
the annotation's; `@below`, `@above` are the next and the last line without annotation; the text in
`{{…}}` is part of the message, and with `-re` what stands in inner `{{…}}` is a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fleet.diagnostics import FleetError, FleetErrors, Location

_ANNOTATION = re.compile(
    r"expected-(?P<kind>error|warning|note|remark)(?P<re>-re)? *"
    r"(?P<at>@(?P<line>[+-]\d{1,9}|above|below|unknown))? *\{\{(?P<text>.*)\}\}$"
)
_INNER = re.compile(r"\{\{(.*?)\}\}")


@dataclass(frozen=True)
class Diagnostic:
    """What was reported: its kind, its message, and its line, None where it has no place."""

    kind: str
    message: str
    line: int | None
    location: Location | None = None
    optional: bool = False
    """Whether it need not be expected: what a rejection adds to help."""


@dataclass
class Expectation:
    """An annotation: which diagnostic it wants, of which line, and where it stands."""

    kind: str
    text: str
    pattern: re.Pattern[str]
    line: int | None
    place: Location
    met: bool = False


def diagnostics_of(error: FleetError) -> list[Diagnostic]:
    """An error, or several, as diagnostics; a hint is a note at the same place."""
    if isinstance(error, FleetErrors):
        return [found for inner in error.errors for found in diagnostics_of(inner)]
    place = error.location
    line = place.line if place is not None and place.line > 0 else None
    found = [Diagnostic("error", error.message, line, place)]
    if error.hint:
        found.append(Diagnostic("note", error.hint, line, place, optional=True))
    return found


def expectations(lines: Sequence[str], file: str, first: int) -> list[Expectation]:
    """The annotations in these lines of a text, of which they are those from number `first` on.
    Raises FleetError for an expression that is none."""
    found: list[Expectation] = []
    below: list[Expectation] = []
    plain: int | None = None
    for number, line in enumerate(lines, first):
        annotation = _ANNOTATION.search(line.rstrip())
        if annotation is None:
            for waiting in below:
                waiting.line = number
            below, plain = [], number
            continue
        place = Location(file, number, annotation.start(), number, annotation.end())
        at = annotation["line"]
        expected = Expectation(
            annotation["kind"], annotation["text"], _pattern(annotation, place), number, place
        )
        if at == "below":
            below.append(expected)
        elif at == "above":
            expected.line = plain
        elif at == "unknown":
            expected.line = None
        elif at is not None:
            expected.line = number + int(at)
        found.append(expected)
    return found


def _pattern(annotation: re.Match[str], place: Location) -> re.Pattern[str]:
    text = annotation["text"]
    if not annotation["re"]:
        return re.compile(re.escape(text))
    pieces = _INNER.split(text)
    joined = "".join(
        f"(?:{piece})" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
    )
    try:
        return re.compile(joined)
    except re.error as error:
        raise FleetError(f"not a regular expression: {error}", place) from None


def departures(
    expected: Iterable[Expectation], reported: Iterable[Diagnostic], source: str
) -> list[FleetError]:
    """What came unexpectedly, then what is missing."""
    expected = list(expected)
    wrong: list[FleetError] = []
    for diagnostic in reported:
        if not _meets(diagnostic, expected) and not diagnostic.optional:
            wrong.append(
                FleetError(
                    f"unexpected {diagnostic.kind}: {diagnostic.message}",
                    diagnostic.location, source=source,
                )
            )  # fmt: skip
    wrong += [
        FleetError(
            f'expected {waiting.kind} "{waiting.text}" was not produced', waiting.place,
            source=source,
        )
        for waiting in expected
        if not waiting.met
    ]  # fmt: skip
    return wrong


def _meets(diagnostic: Diagnostic, expected: list[Expectation]) -> bool:
    """Whether an annotation, each for one diagnostic, asked for it."""
    for waiting in expected:
        same = (waiting.kind, waiting.line) == (diagnostic.kind, diagnostic.line)
        if same and not waiting.met and waiting.pattern.search(diagnostic.message):
            waiting.met = True
            return True
    return False
