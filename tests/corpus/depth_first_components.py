edges = [(0, 1), (1, 2), (3, 4), (5, 5), (6, 4)]
graph = {node: set() for node in range(8)}
for a, b in edges:
    graph[a].add(b)
    graph[b].add(a)


def visit(node, seen):
    seen.add(node)
    for neighbour in sorted(graph[node]):
        if neighbour not in seen:
            visit(neighbour, seen)


seen = set()
components = []
for node in graph:
    if node not in seen:
        before = set(seen)
        visit(node, seen)
        components.append(sorted(seen - before))
print(len(components), components)
