"""Locations of MLIR text: `loc("gpt2.py":3:5)`, and calls as `callsite(… at …)`.

In: the token cursor. Out: `Location` values with their frames. The one idea: aliases may be defined
after their use, so what is written is kept as it is and resolved when the whole text is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fleet.diagnostics import UNKNOWN, Frame, Location
from fleet.ir.parsing.types import TypeParser
from fleet.ir.printing.locations import UNNAMED, fused

_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_FILE = re.compile(rf"({_QUOTED}):(\d{{1,9}}):(\d{{1,9}})(?!\d)")
_FLAT = rf"(?:[^()\"\n]|{_QUOTED})*"
_SPELLED = re.compile(rf"\({_FLAT}(?:\({_FLAT}(?:\({_FLAT}\){_FLAT})*\){_FLAT})*\)")
"""A location in parentheses, when it stands on one line and is nested at most three deep."""


@dataclass(frozen=True)
class Place:
    """A location as written: kind file, name, callsite, fused, alias or unknown, with its parts."""

    kind: str
    parts: tuple[Any, ...] = ()


class LocationParser(TypeParser):
    """Parses and resolves locations."""

    def __init__(
        self, text: str, file: str = "<text>", span: tuple[int, int] | None = None
    ) -> None:
        super().__init__(text, file, span)
        self.places: dict[str, Place] = {}
        self._spelled_places: dict[str, Place] = {}
        self._resolved: dict[int, tuple[Place, Location]] = {}
        self._frames: dict[object, Frame] = {}

    def parenthesised_place(self) -> Place:
        """`(location)` after `loc`. What was spelled so before is not read again."""
        text, start = self.spelled(_SPELLED), self.token.start
        if text is not None and text in self._spelled_places:
            self.go(start + len(text))
            return self._spelled_places[text]
        self.expect("(")
        place = self._place()
        self.expect(")")
        if text is not None and self.has_read_to(start + len(text)):
            self._spelled_places[text] = place
        return place

    def _place(self) -> Place:
        if self.peek("#"):
            return Place("alias", (self.take().text,))
        if self.token[0] == "string":
            found = _FILE.match(self.text, self.token[2], self.end)
            if found is not None:
                name = self.unescape(self.token)
                self.token = self._read(found.end())
                return Place("file", (name, int(found[2]), int(found[3])))
            name = self.string()
            if self.accept(":"):
                line = self.integer()
                self.expect(":")
                return Place("file", (name, line, self.integer()))
            if self.accept("("):
                inner = self._place()
                self.expect(")")
                return Place("name", (name, inner))
            return Place("name", (name, Place("unknown")))
        if self.accept("loc"):
            return self.parenthesised_place()
        if self.accept("callsite"):
            self.expect("(")
            callee = self._place()
            self.expect("at")
            caller = self._place()
            self.expect(")")
            return Place("callsite", (callee, caller))
        if self.accept("fused"):
            metadata = self.balanced() if self.peek("<") else ""
            return Place("fused", (metadata, tuple(self.bracketed(self._place))))
        if self.accept("unknown"):
            return Place("unknown")
        raise self.error(f"expected a location, found {self.found()}")

    def resolve(self, place: Place) -> Location:
        """The location that a place stands for, once all aliases are known."""
        known = self._resolved.get(id(place))  # equal ones are mostly the same
        if known is None:
            known = place, self._resolve(self._unalias(place))
            self._resolved[id(place)] = known
        return known[1]

    def _resolve(self, place: Place) -> Location:
        match place.kind:
            case "file":
                file, line, column = place.parts
                return Location(file, line, max(column - 1, 0) if line else column - 1)
            case "name":
                function, inner = place.parts
                return self._framed(self.resolve(inner), function, None)
            case "callsite":
                callee, caller = place.parts
                inner = self._unalias(callee)
                function, spot = inner.parts if inner.kind == "name" else (UNNAMED, inner)
                return self._framed(self.resolve(spot), function, caller)
            case "fused":
                metadata, places = place.parts
                return fused([self.resolve(part) for part in places], metadata)
        return UNKNOWN

    def _unalias(self, place: Place) -> Place:
        seen = 0
        while place.kind == "alias":
            found = self.places.get(place.parts[0])
            seen += 1
            if found is None or seen > 1000:
                raise self.error(f"the location {place.parts[0]} is not defined")
            place = found
        return place

    def _framed(self, spot: Location, function: str, caller: Place | None) -> Location:
        key = (function, caller)
        frame = self._frames.get(key)
        if frame is None:
            frame = Frame(function, None if caller is None else self.resolve(caller))
            self._frames[key] = frame
        return Location(spot.file, spot.line, spot.column, frame=frame)
