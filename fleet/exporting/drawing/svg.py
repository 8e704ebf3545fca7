"""The graph as an SVG file: one picture that any viewer shows, and that folds in a browser.

In: an exported function. Out: SVG 1.1 text. The one idea: the file carries its plan (see
`placement`) beside the picture, and `fold.js` places it anew when a box's title is clicked; without
scripts, it is the picture that it was written as.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

from fleet.exporting.drawing.boxes import End, Scope, boxes_of
from fleet.exporting.drawing.columns import Bend, Columns, Entry, columns_of
from fleet.exporting.drawing.placement import BoxPlan, EndPlan, Placement, Plan, WirePlan, place
from fleet.exporting.drawing.words import Node
from fleet.exporting.graph import Graph
from fleet.files import write_text

MARGIN = 16
CHARACTER = 7.3
"""The width of a character of the font, in pixels."""
LINE = 15
VISIBLE = 48
"""So many nodes at most are visible at first, as far as folding can do it."""

STYLE = """
svg { background: #ffffff; }
text { font: 12px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1d2733; }
.small { fill-opacity: .65; }
.wire { fill: none; stroke: #8a97a6; stroke-width: 1.2; }
.wire:hover { stroke: #d9480f; stroke-width: 2.4; }
.frame { fill: #f4f6f9; stroke: #b8c2cd; }
.control > .frame { fill: #fff8e6; stroke: #e0b84c; }
.title { cursor: pointer; font-weight: bold; }
.node rect { stroke: #b8c2cd; fill: #dcf5e3; }
.product rect { fill: #d0e4ff; }
.reduction rect { fill: #ffe0d6; }
.layout rect { fill: #e9ecef; }
.indexing rect { fill: #e4dcff; }
.input rect, .output rect { fill: #fff3bf; }
.carried rect { fill: #ffec99; }
.folded > .inside { display: none; }
@media (prefers-color-scheme: dark) {
svg { background: #15191e; }
.frame { fill: #39424d; stroke: #5b6774; }
.control > .frame { fill: #4a4230; stroke: #8a7432; }
.title { fill: #e6ebf0; }
}
"""


@dataclass(frozen=True)
class SvgOptions:
    """How a picture is written: there is one way."""


HELP: dict[str, str] = {}


def write_svg(graph: Graph, path: Path, options: SvgOptions) -> None:
    """Write the picture of a graph. Raises FleetError when the file cannot be written."""
    write_text(path, "".join(f"{line}\n" for line in Drawing(boxes_of(graph)).lines()))


class Drawing:
    """Numbers boxes, entries and wires, plans them, and writes what the placement says."""

    def __init__(self, graph: Scope) -> None:
        self.graph = graph
        self.scopes = list(graph.scopes())
        self.numbers: dict[Entry, int] = {}
        self.columns: dict[Scope, Columns] = {}
        self.tips: dict[int, str] = {}
        self.plan = Plan({}, {}, set())
        for scope in self.scopes:
            self._number(scope)
        for scope in self.scopes:
            self._plan(scope)
        self.plan.folded = self._folded()

    def _number(self, entry: Entry) -> int:
        return self.numbers.setdefault(entry, len(self.numbers))

    def _plan(self, scope: Scope) -> None:
        columns = self.columns[scope] = columns_of(scope)
        box = BoxPlan(
            self._number(scope), _width([f"▾ {scope.name}"]) + 12,
            len(scope.inputs), len(scope.outputs),
        )  # fmt: skip
        for column in columns.columns:
            box.columns.append([self._number(entry) for entry in column])
            for entry in column:
                if isinstance(entry, Node):
                    size = _width(entry.lines), len(entry.lines) * LINE + 8
                    self.plan.sizes[self._number(entry)] = size
                elif isinstance(entry, Bend):
                    self.plan.sizes[self._number(entry)] = 0, 8
        for wire, bends in columns.routes:
            number = len(self.tips)
            self.tips[number] = wire.tip
            ends = self._end(wire.source), self._end(wire.target)
            box.wires.append(WirePlan(number, *ends, [self._number(bend) for bend in bends]))
        self.plan.boxes[box.number] = box

    def _end(self, end: End) -> EndPlan:
        if end.item is None:
            return "port", 0, end.port
        kind = "box" if isinstance(end.item, Scope) else "entry"
        return kind, self._number(end.item), end.port

    def _folded(self) -> set[int]:
        """Boxes are opened from the outside in, as long as what they show has room."""
        room = VISIBLE - len(self.graph.items)
        level = [item for item in self.graph.items if isinstance(item, Scope)]
        folded = {self._number(scope) for scope in self.scopes if scope is not self.graph}
        while level:
            following = []
            for scope in level:
                if len(scope.items) <= room:
                    room -= len(scope.items)
                    folded.discard(self._number(scope))
                    following += [item for item in scope.items if isinstance(item, Scope)]
            level = following
        return folded

    # -- writing

    def lines(self) -> Iterator[str]:
        placed = place(self.plan)
        # What is folded is written as well, for a viewer to unfold: it stands where it would.
        hidden = place(Plan(self.plan.boxes, self.plan.sizes, set()))
        for entry, where in hidden.places.items():
            placed.places.setdefault(entry, where)
        for wire, path in hidden.paths.items():
            placed.paths.setdefault(wire, path)
        root = self._number(self.graph)
        width, height = (size + 2 * MARGIN for size in placed.sizes[root])
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="{-MARGIN} {-MARGIN} {width} {height}">'
        )
        yield f"<title>{escape(self.graph.name)}</title>"
        yield f"<style>{STYLE}</style>"
        placed.places[root] = 0, 0
        yield from self._box(self.graph, placed)
        plan = json.dumps(self.described(), separators=(",", ":"))
        yield f'<metadata id="plan">{plan}</metadata>'
        yield f"<script><![CDATA[\n{_script()}]]></script>"
        yield "</svg>"

    def _box(self, scope: Scope, placed: Placement) -> Iterator[str]:
        number = self._number(scope)
        width, height = placed.sizes[number]
        folded = number in self.plan.folded
        yield _group(f"b{number}", f"{scope.kind}{' folded' if folded else ''}", placed, number)
        yield f'<rect class="frame" rx="6" width="{width}" height="{height}"/>'
        sign = "▸" if folded else "▾"
        yield (
            f'<text class="title" x="8" y="16">{sign} {escape(scope.name)}'
            f"<title>{escape(scope.tip)}</title></text>"
        )
        yield '<g class="inside">'
        for wire in self.plan.boxes[number].wires:
            yield (
                f'<path id="w{wire.number}" class="wire" d="{placed.paths[wire.number]}">'
                f"<title>{escape(self.tips[wire.number])}</title></path>"
            )
        for item in scope.items:
            if isinstance(item, Scope):
                yield from self._box(item, placed)
            else:
                yield from self._node(item, placed)
        yield "</g></g>"

    def _node(self, node: Node, placed: Placement) -> Iterator[str]:
        number = self._number(node)
        width, height = self.plan.sizes[number]
        yield _group(f"n{number}", f"node {node.kind}", placed, number)
        yield f'<rect rx="5" width="{width}" height="{height}"/><title>{escape(node.tip)}</title>'
        for row, line in enumerate(node.lines):
            small = ' class="small"' if row else ""
            yield f'<text{small} x="8" y="{row * LINE + 15}">{escape(line)}</text>'
        yield "</g>"

    def described(self) -> dict[str, object]:
        boxes = [
            [
                box.number, box.width, box.inputs, box.outputs, box.columns,
                [[wire.number, wire.source, wire.target, wire.bends] for wire in box.wires],
            ]
            for box in self.plan.boxes.values()
        ]  # fmt: skip
        return {
            "boxes": boxes, "sizes": list(self.plan.sizes.items()),
            "folded": sorted(self.plan.folded), "margin": MARGIN,
        }  # fmt: skip


def _group(identity: str, kind: str, placed: Placement, number: int) -> str:
    x, y = placed.places[number]
    return f'<g id="{identity}" class="{kind}" transform="translate({x} {y})">'


def _width(lines: list[str]) -> int:
    return int(max(len(line) for line in lines) * CHARACTER) + 17


def _script() -> str:
    return resources.files(__package__).joinpath("fold.js").read_text(encoding="utf-8")
