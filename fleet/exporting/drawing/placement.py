"""Where everything stands: from columns to coordinates.

In: the plan of a drawing: numbered boxes with their columns, sizes and wires, as plain lists (it
also goes into the drawing as JSON). Out: sizes of boxes, places of entries inside their box, and
the paths of wires, all in pixels. The one idea: a box is placed after the boxes inside it, with no
knowledge of those around it. `fold.js` does the same in the viewer when a box is folded; a test
keeps the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HEADER = 24
"""The height of a box's title, which is all that is left of it when it is folded."""
PADDING = 14
GAP = 12
"""Between entries of a column."""
CHANNEL = 40
"""Between columns, and between a column and the border."""
PORT = 10
"""The least distance between a box's ports."""

EndPlan = tuple[str, int, int]
"""`("entry", number, 0)` of a node, `("box", number, port)`, or `("port", 0, port)` of the box
around."""


@dataclass
class WirePlan:
    number: int
    source: EndPlan
    target: EndPlan
    bends: list[int]


@dataclass
class BoxPlan:
    """A box: the least width that its title needs, how many ports it has, and what is inside.

    columns: numbers of entries; an entry that is a box has the box's number.
    """

    number: int
    width: int
    inputs: int
    outputs: int
    columns: list[list[int]] = field(default_factory=list)
    wires: list[WirePlan] = field(default_factory=list)


@dataclass
class Plan:
    """boxes: outer ones first; folded: those that show their title only; sizes: (width, height) of
    the entries that are no boxes."""

    boxes: dict[int, BoxPlan]
    sizes: dict[int, tuple[int, int]]
    folded: set[int]


@dataclass
class Placement:
    """sizes: of boxes and other entries; places: of entries, in the box around; edges: where each
    entry's column ends; paths: of the wires of boxes that are open, as SVG writes them."""

    sizes: dict[int, tuple[int, int]]
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    edges: dict[int, int] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)


def place(plan: Plan) -> Placement:
    """Place everything that is in open boxes."""
    found = Placement(dict(plan.sizes))
    for box in reversed(plan.boxes.values()):
        _place_box(box, plan, found)
    return found


def _place_box(box: BoxPlan, plan: Plan, found: Placement) -> None:
    rows = max(box.inputs, box.outputs)
    if box.number in plan.folded:
        found.sizes[box.number] = box.width, HEADER + (rows * PORT if rows > 1 else 0)
        return
    sources = _sources(box)
    x, bottom = PADDING + (CHANNEL if box.inputs else 0), 0
    for column in box.columns:
        below = _place_column(column, x, sources, found)
        bottom = max(bottom, below)
        width = max(found.sizes[entry][0] for entry in column)
        # A wire runs straight past the entries above and below before it bends.
        found.edges.update(dict.fromkeys(column, x + width))
        x += width + CHANNEL
    x += PADDING - CHANNEL + (CHANNEL if box.outputs else 0)
    height = max(bottom + PADDING, HEADER + rows * PORT)
    found.sizes[box.number] = max(x, box.width), height
    for wire in box.wires:
        found.paths[wire.number] = _path(wire, box, plan, found)


def _sources(box: BoxPlan) -> dict[int, list[int]]:
    """From which entries of the column before wires come to each entry."""
    sources: dict[int, list[int]] = {}
    for wire in box.wires:
        way = list(wire.bends)
        if wire.source[0] != "port":
            way.insert(0, wire.source[1])
        if wire.target[0] != "port":
            way.append(wire.target[1])
        for one, other in zip(way, way[1:], strict=False):
            sources.setdefault(other, []).append(one)
    return sources


def _place_column(
    column: list[int], x: int, sources: dict[int, list[int]], found: Placement
) -> int:
    """Each entry beside the middle of its sources, or below the one before. Returns the bottom."""
    y, late = HEADER + PADDING, 0
    for entry in column:
        height = found.sizes[entry][1]
        before = [other for other in sources.get(entry, ()) if other in found.places]
        wanted = y
        if before:
            middles = [found.places[one][1] * 2 + found.sizes[one][1] for one in before]
            wanted = (sum(middles) // len(middles) - height) // 2
        found.places[entry] = x, max(wanted, y)
        late += found.places[entry][1] - wanted
        y = found.places[entry][1] + height + GAP
    # What was pushed down pulls all of the column up by the mean, as far as there is room.
    top = min(found.places[entry][1] for entry in column)
    up = min(late // len(column), top - HEADER - PADDING)
    for entry in column:
        found.places[entry] = x, found.places[entry][1] - up
    return y - GAP - up


def _end(
    end: EndPlan, box: BoxPlan, plan: Plan, found: Placement, leaving: bool
) -> tuple[int, int]:
    """Where a wire's end is, in the box's coordinates."""
    kind, number, port = end
    if kind == "port":
        width, height = found.sizes[box.number]
        count = box.inputs if leaving else box.outputs
        return 0 if leaving else width, _port(height, port, count)
    x, y = found.places[number]
    width, height = found.sizes[number]
    if kind == "entry":
        return x + (width if leaving else 0), y + height // 2
    inner = plan.boxes[number]
    if leaving:
        return x + width, y + _port(height, port, inner.outputs)
    return x, y + _port(height, port, inner.inputs)


def _port(height: int, port: int, count: int) -> int:
    """The middle of the header of a box that is no higher, else spread over what is below it."""
    if height <= HEADER:
        return height // 2
    return HEADER + (2 * port + 1) * (height - HEADER) // (2 * count)


def _path(wire: WirePlan, box: BoxPlan, plan: Plan, found: Placement) -> str:
    x, y = _end(wire.source, box, plan, found, True)
    path = f"M{x} {y}"
    if wire.source[0] != "port":
        x = found.edges[wire.source[1]]
        path += f"H{x}"
    for bend in wire.bends:
        left, top = found.places[bend]
        middle = top + found.sizes[bend][1] // 2
        path += _curve(x, y, left, middle)
        x, y = found.edges[bend], middle
        path += f"H{x}"
    return path + _curve(x, y, *_end(wire.target, box, plan, found, False))


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    middle = (x + to_x) // 2
    return f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
