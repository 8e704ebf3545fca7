"""A graph without what serves none of its outputs.

The one idea: no operator has an effect, so a node is needed if one of its outputs is; a body needs
what it reads from around it.
"""

from __future__ import annotations

from fleet.exporting.onnx.graph import Graph, Node


def prune(graph: Graph) -> None:
    """Drop nodes, initializers and told types that nothing needs, here and in bodies."""
    needed = _pruned(graph)
    graph.initializers = {
        name: array for name, array in graph.initializers.items() if name in needed
    }


def _pruned(graph: Graph) -> set[str]:
    """Names that the graph reads, its own among them."""
    needed = set(graph.outputs)
    kept = []
    for node in reversed(graph.nodes):
        if needed.isdisjoint(node.outputs):
            continue
        if node.op == "Loop":
            _without_idle(node, needed)
        kept.append(node)
        needed.update(filter(None, node.inputs))
        for body in node.graphs():
            needed |= _pruned(body)
    graph.nodes = kept[::-1]
    made = {name for node in graph.nodes for name in node.outputs} - graph.outputs.keys()
    graph.values = {name: type for name, type in graph.values.items() if name in made}
    return needed


def _without_idle(node: Node, needed: set[str]) -> None:
    """Drop what a Loop carries along for its own sake alone."""
    body: Graph = node.attributes["body"]
    while True:
        carried = list(body.inputs)[2:]
        following = list(body.outputs)[1:]
        rows = enumerate(zip(carried, following, node.outputs, strict=True))
        idle = [at for at, (name, result, outer) in rows
                if outer not in needed and not _reaches(body, name, result)]  # fmt: skip
        if not idle:
            return
        at = idle[0]
        del node.inputs[2 + at], node.outputs[at]
        del body.inputs[carried[at]], body.outputs[following[at]]


def _reaches(body: Graph, name: str, own: str) -> bool:
    """Whether a value is used for another output of the body than its own."""
    others = Graph("", body.nodes, outputs={key: type for key, type in body.outputs.items()
                                            if key != own})  # fmt: skip
    return name in _read(others)


def _read(graph: Graph) -> set[str]:
    """Names that a graph's outputs need, those of its own nodes among them."""
    needed = set(graph.outputs)
    for node in reversed(graph.nodes):
        if needed.isdisjoint(node.outputs):
            continue
        needed.update(node.inputs)
        for body in node.graphs():
            needed |= _read(body)
    return needed
