"""Pictures of exported functions hold what the functions' IR holds, and are well-formed XML."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from fleet.cli import main
from fleet.exporting.drawing.boxes import End, Scope, boxes_of
from fleet.exporting.drawing.svg import Drawing
from fleet.exporting.drawing.words import Node
from fleet.exporting.graph import Graph
from fleet.ir.core import Block, OpResult, Value
from fleet.ir.types import IndexType
from tests.documentation.replay import ROOT, blocks
from tests.exporting.corpus import Case, cases

CHAPTER = ROOT / "docs" / "export.md"
SVG = "{http://www.w3.org/2000/svg}"


def of_the_graph(root: Scope) -> int:
    """How many ways lead from a node to a node: through ports, in and out of boxes."""
    sources: dict[tuple[Scope, End], list[End]] = {}
    for scope in root.scopes():
        for wire in scope.wires:
            sources.setdefault((scope, wire.target), []).append(wire.source)
    ways = 0
    for scope in root.scopes():
        for item in scope.items:
            if isinstance(item, Node):
                left = [(scope, source) for source in sources.get((scope, End(item)), ())]
                seen = set()
                while left:
                    where, end = left.pop()
                    if isinstance(end.item, Node):
                        seen.add(end.item)
                    elif end.item is None:
                        assert where.parent is not None
                        outer = sources[where.parent, End(where, end.port)]
                        left += [(where.parent, one) for one in outer]
                    else:
                        left += [(end.item, one) for one in sources[end.item, End(None, end.port)]]
                ways += len(seen)
    return ways


def of_the_ir(graph: Graph) -> int:
    """How many pairs of operations, arguments and results take values from each other, sizes and
    constants left out; of functions without loops."""
    needed: set[object] = set()
    left: list[Value] = list(graph.function.body.terminator.operands)
    ways = len(left) - sum(map(is_constant, left))
    while left:
        owner = left.pop().owner
        if isinstance(owner, Block) or owner in needed:
            continue
        needed.add(owner)
        taken = {value for value in owner.operands
                 if not isinstance(value.type, IndexType) and not is_constant(value)}  # fmt: skip
        ways += len({value if isinstance(value.owner, Block) else value.owner for value in taken})
        left += taken
    return ways


def is_constant(value: Value) -> bool:
    return isinstance(value, OpResult) and value.operation.name == "arith.constant"


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_picture_shows_each_operation_and_who_takes_its_result(case: Case) -> None:
    graph = case.graph()
    root = boxes_of(graph)
    if not any(op.regions for op in graph.function.body):
        assert of_the_graph(root) == of_the_ir(graph)
    drawing = Drawing(root)
    tree = ElementTree.fromstring("".join(drawing.lines()))
    shown = [group for group in tree.iter(f"{SVG}g") if "node" in group.get("class", "").split()]
    assert len(shown) == sum(
        isinstance(item, Node) for scope in root.scopes() for item in scope.items
    )
    assert all(path.get("d", "").startswith("M") for path in tree.iter(f"{SVG}path"))


PROGRAM = """\
import numpy as np

def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()

def attention(q, k, n):
    for _ in range(n):
        q = softmax(q) @ k
    return q
"""


def test_functions_and_loops_are_boxes_in_each_other(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(PROGRAM)
    out = tmp_path / "p.svg"
    arguments = ["--arg", "f32[n,8]", "--arg", "f32[8,8]", "--arg", "i64"]
    program = str(tmp_path / "p.py")
    assert main(["export", program, "--function", "attention", *arguments, "-o", str(out)]) == 0
    tree = ElementTree.parse(out).getroot()

    def boxes(element: ElementTree.Element, around: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        found = []
        for group in element.findall(f"{SVG}g"):
            title = group.find(f"{SVG}text[@class='title']")
            inside = (*around, title.text[2:]) if title is not None else around
            found += [inside] if title is not None else []
            found += boxes(group, inside)
        return found

    assert ("attention", "for", "softmax") in boxes(tree)


def test_the_picture_of_the_chapter_is_what_its_command_draws(tmp_path: Path) -> None:
    (program,) = [block.text for block in blocks(CHAPTER) if block.about == "mlp.py"]
    (tmp_path / "mlp.py").write_text(program)
    out = tmp_path / "classify.svg"
    arguments = ["--function", "classify", "--arg", "f32[batch,16]", "-o", str(out)]
    assert main(["export", str(tmp_path / "mlp.py"), *arguments]) == 0
    assert out.read_text() == (ROOT / "docs" / "examples" / "classify.svg").read_text()
