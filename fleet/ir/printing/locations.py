"""Locations as MLIR 19 text, spelled out or by alias.

In: `Location` values as printing meets them. Out: `"gpt2.py":3:5`, `callsite(… at …)`, or `#loc7`
and the line that says what it is. The one idea of the aliases: MLIR numbers locations by how deeply
they are nested, then by where they were met, so numbers are known only when all is printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from fleet.diagnostics import UNKNOWN, Frame, Location
from fleet.ir.printing.spelling import string_text

UNNAMED = "<unknown>"
"""The function of a frame that a text gives no name."""


@dataclass(frozen=True)
class FusedLocation(Location):
    """Several places, of which it stands for the first: MLIR's `fused<metadata>[…]`."""

    parts: tuple[Location, ...] = ()
    metadata: str = ""


def fused(parts: list[Location], metadata: str) -> Location:
    """These places as one, as MLIR joins them: each once, without what is unknown."""
    flat = [
        inner
        for part in parts
        for inner in (part.parts if isinstance(part, FusedLocation) else (part,))
        if not is_unknown(inner) or inner.frame is not None
    ]
    unique = list({SpelledLocations().text(part): part for part in flat}.values())
    if not unique or (len(unique) == 1 and not metadata):
        return unique[0] if unique else UNKNOWN
    first = unique[0]
    return FusedLocation(
        first.file, first.line, first.column, frame=first.frame, parts=tuple(unique),
        metadata=metadata,
    )  # fmt: skip


def is_unknown(location: Location) -> bool:
    return (location.file, location.line) == (UNKNOWN.file, UNKNOWN.line)


def place_text(location: Location) -> str:
    """`"file":line:column`, or `unknown`; whoever called is left out."""
    if is_unknown(location):
        return "unknown"
    return f"{string_text(location.file)}:{location.line}:{location.column + 1}"


def _named_text(location: Location) -> str:
    """`"function"("file":line:column)`, or `"function"` for no place in it."""
    if location.frame.function == UNNAMED:
        return place_text(location)
    name = string_text(location.frame.function)
    return name if is_unknown(location) else f"{name}({place_text(location)})"


def _fused_text(location: FusedLocation, parts: list[str]) -> str:
    return f"fused{location.metadata}[{', '.join(parts)}]"


class SpelledLocations:
    """Locations spelled out where they stand, to the last caller."""

    lines: tuple[str, ...] = ()

    def text(self, location: Location) -> str:
        if isinstance(location, FusedLocation):
            return _fused_text(location, [self.text(part) for part in location.parts])
        stack = [location]
        while stack[-1].frame is not None and stack[-1].frame.caller is not None:
            stack.append(stack[-1].frame.caller)
        last = stack.pop()
        text = place_text(last) if last.frame is None else _named_text(last)
        for inner in reversed(stack):
            text = f"callsite({_named_text(inner)} at {text})"
        return text


class InlineLocations:
    """Locations spelled out where they stand; only the places that frames were called from have
    aliases, one a frame, so that frames stay apart and deep stacks stay short."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._frames: dict[Frame, str] = {}

    def text(self, location: Location) -> str:
        if isinstance(location, FusedLocation):
            return _fused_text(location, [self.text(part) for part in location.parts])
        frame = location.frame
        if frame is None:
            return place_text(location)
        if frame.caller is None:
            return _named_text(location)
        return f"callsite({_named_text(location)} at {self._caller(frame)})"

    def _caller(self, frame: Frame) -> str:
        """The alias of the place that a frame was called from."""
        waiting = []
        while frame is not None and frame not in self._frames and frame.caller is not None:
            waiting.append(frame)
            frame = frame.caller.frame
        for inner in reversed(waiting):  # outermost first: no recursion, stacks may be deep
            text = self.text(inner.caller)
            alias = self._frames[inner] = f"#loc{len(self._frames)}"
            self.lines.append(f"{alias} = loc({text})\n")
        return self._frames[waiting[0]] if waiting else self._frames[frame]


@dataclass
class _Entry:
    """A location that is printed: its parts' keys, how deeply it is nested, where it is defined."""

    text: str
    parts: tuple[int, ...]
    depth: int
    first: bool
    number: int = 0


class AliasedLocations:
    """Locations as `--mlir-print-debuginfo` prints them: `#loc`, `#loc1`, …

    `note` is called in the order in which MLIR meets locations and gives a key; when all have been
    noted, `number` gives the numbers, and then `alias` and `lines` the text.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._known: dict[object, int] = {}
        self._frames: dict[Frame, int] = {}
        self._stacks: dict[tuple[str, str, int], int] = {}

    def note(self, location: Location, first: bool = False) -> int:
        """first: it is the location of a block's argument, which MLIR defines at the text's top."""
        if isinstance(location, FusedLocation):
            key = self._reserve((location.metadata, *map(SpelledLocations().text, location.parts)))
            parts = tuple(self.note(part) for part in location.parts)
            text = _fused_text(location, ["{}"] * len(parts))
            return self._fill(key, text, parts, first)
        if location.frame is None or location.frame.caller is None:
            return self._plain(location, first)
        stack: list[tuple[int, int]] = []
        while location.frame is not None and location.frame.caller is not None:
            identity = ("callsite", place_text(location), self._calls(location.frame))
            if identity in self._known:
                caller = self._known[identity]
                break
            key = self._reserve(identity)
            stack.append((key, self._plain(location, False)))
            location = location.frame.caller
        else:
            caller = self.note(location)
        for key, callee in reversed(stack):
            caller = self._fill(key, "callsite({} at {})", (callee, caller), False)
        self._entries[caller].first = self._entries[caller].first or first
        return caller

    def _calls(self, frame: Frame) -> int:
        """A number that frames with equal stacks of calls share."""
        waiting = []
        while frame not in self._frames:
            waiting.append(frame)
            if frame.caller is None or frame.caller.frame is None:
                break
            frame = frame.caller.frame
        for inner in reversed(waiting):  # outermost first: stacks may be deep
            caller = inner.caller
            where = "" if caller is None else place_text(caller)
            outer = -1 if caller is None or caller.frame is None else self._frames[caller.frame]
            number = self._stacks.setdefault((inner.function, where, outer), len(self._stacks))
            self._frames[inner] = number
        return self._frames[waiting[0] if waiting else frame]

    def _plain(self, location: Location, first: bool) -> int:
        """A location without its callers."""
        place = () if is_unknown(location) else (place_text(location),)
        if location.frame is None or location.frame.function == UNNAMED:
            return self._entry(place_text(location), (), first)
        return self._named(string_text(location.frame.function), place, first)

    def _named(self, name: str, place: tuple[str, ...], first: bool) -> int:
        if not place:
            return self._entry(name, (), first)
        key = self._reserve(("name", name, place))
        return self._fill(key, f"{name}({{}})", (self._entry(place[0], (), False),), first)

    def _reserve(self, identity: object) -> int:
        key = self._known.get(identity)
        if key is None:
            key = self._known[identity] = len(self._entries)
            self._entries.append(_Entry("", (), 0, False))
        return key

    def _fill(self, key: int, text: str, parts: tuple[int, ...], first: bool) -> int:
        entry = self._entries[key]
        entry.text, entry.parts = text, parts
        entry.depth = 1 + max((self._entries[part].depth for part in parts), default=-1)
        entry.first = entry.first or first
        return key

    def _entry(self, text: str, parts: tuple[int, ...], first: bool) -> int:
        return self._fill(self._reserve((text, parts)), text.replace("{", "{{").replace("}", "}}"),
                          parts, first)  # fmt: skip

    def number(self) -> None:
        """Give the numbers, now that all are known."""
        for number, entry in enumerate(sorted(self._entries, key=lambda entry: entry.depth)):
            entry.number = number

    def alias(self, key: int) -> str:
        number = self._entries[key].number
        return f"#loc{number or ''}"

    def lines(self, first: bool) -> list[str]:
        """The definitions at the top of the text, or those at its end."""
        chosen = [key for key, entry in enumerate(self._entries) if entry.first == first]
        chosen.sort(key=lambda key: self._entries[key].number)
        return [f"{self.alias(key)} = loc({self.spelled(key)})\n" for key in chosen]

    def spelled(self, key: int) -> str:
        entry = self._entries[key]
        return entry.text.format(*map(self.alias, entry.parts))
