"""A graph without what serves none of its outputs.

The one idea: no operator has an effect, so a node is needed if one of its outputs is; a body needs
what it reads from around it.
"""

from __future__ import annotations

from fleet.exporting.onnx.graph import Graph


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
        kept.append(node)
        needed.update(filter(None, node.inputs))
        for body in node.graphs():
            needed |= _pruned(body)
    graph.nodes = kept[::-1]
    made = {name for node in graph.nodes for name in node.outputs} - graph.outputs.keys()
    graph.values = {name: type for name, type in graph.values.items() if name in made}
    return needed
