"""The places of a drawing: Python's and the viewer's are the same, and nothing lies on another."""

import json
import random
import shutil
import subprocess
from importlib import resources

import pytest

from fleet.exporting.drawing import placement
from fleet.exporting.drawing.boxes import End, Scope, Wire
from fleet.exporting.drawing.columns import Bend, columns_of
from fleet.exporting.drawing.placement import place
from fleet.exporting.drawing.svg import Drawing
from fleet.exporting.drawing.words import Node

GRAPHS = 40


def random_scope(rng: random.Random, depth: int, parent: Scope | None = None) -> Scope:
    """Items that take what stands before them or comes in; some of what they give goes out."""
    scope = Scope("function", f"f{depth}", "", parent)
    ports = range(rng.randrange(4))
    sources = [End(None, port) for port in ports]
    scope.inputs = {object(): port for port in ports}
    for _ in range(rng.randrange(1, 9)):
        item: Node | Scope
        if depth and rng.random() < 0.3:
            item = random_scope(rng, depth - 1, scope)
            targets = [End(item, port) for port in item.inputs.values()]
        else:
            item = Node("elementwise", ["x" * rng.randrange(1, 20)] * rng.randrange(1, 4), "")
            targets = [End(item)] * rng.randrange(3)
        for target in targets:
            if sources:
                scope.wires[Wire(rng.choice(sources), target, "")] = None
        scope.items.append(item)
        if isinstance(item, Scope):
            sources += [End(item, port) for port in item.outputs.values()]
        else:
            sources.append(End(item))
    for port in range(rng.randrange(3)):
        scope.outputs[object()] = port
        scope.wires[Wire(rng.choice(sources), End(None, port), "")] = None
    return scope


def drawings():
    for seed in range(GRAPHS):
        rng = random.Random(seed)
        drawing = Drawing(random_scope(rng, 3))
        drawing.plan.folded = {
            number for number in list(drawing.plan.boxes)[1:] if rng.random() < 0.4
        }
        yield drawing


def test_a_wire_leads_to_the_right_through_each_column():
    for seed in range(GRAPHS):
        for scope in random_scope(random.Random(seed), 2).scopes():
            found = columns_of(scope)
            column = {
                entry: number for number, column in enumerate(found.columns) for entry in column
            }
            assert sorted(map(id, scope.items)) == sorted(
                id(entry) for entry in column if not isinstance(entry, Bend)
            )
            for wire, bends in found.routes:
                first = column[wire.source.item] if wire.source.item else -1
                last = column[wire.target.item] if wire.target.item else len(found.columns)
                assert [column[bend] for bend in bends] == list(range(first + 1, last))


def test_entries_lie_in_their_box_and_not_on_each_other():
    for drawing in drawings():
        placed = place(drawing.plan)
        for box in drawing.plan.boxes.values():
            if box.number in drawing.plan.folded:
                continue
            width, height = placed.sizes[box.number]
            taken = []
            for entry in (entry for column in box.columns for entry in column):
                (x, y), (w, h) = placed.places[entry], placed.sizes[entry]
                assert x >= 0 and y >= placement.HEADER
                assert x + w <= width and y + h <= height
                for left, top, right, bottom in taken:
                    assert x >= right or right - left == 0 or x + w <= left or y >= bottom or (
                        y + h <= top
                    )  # fmt: skip
                taken.append((x, y, x + w, y + h))


def test_the_viewer_places_as_we_do():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: nothing else here runs the drawing's script")
    script = resources.files("fleet.exporting.drawing").joinpath("fold.js").read_text("utf-8")
    plans = list(drawings())
    script += """
    const plans = JSON.parse(require("fs").readFileSync(0, "utf-8"));
    console.log(JSON.stringify(plans.map(plan => {
      const found = place(plan);
      return [found.sizes, found.places, found.paths].map(
        map => [...map].sort((a, b) => a[0] - b[0]));
    })));
    """
    given = json.dumps([drawing.described() for drawing in plans])
    run = subprocess.run(
        [node, "-e", script], input=given, capture_output=True, text=True, check=True
    )
    for drawing, theirs in zip(plans, json.loads(run.stdout), strict=True):
        placed = place(drawing.plan)
        ours = [sorted(found.items()) for found in (placed.sizes, placed.places, placed.paths)]
        assert json.loads(json.dumps(ours)) == theirs
