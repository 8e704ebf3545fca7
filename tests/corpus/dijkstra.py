# args: A F
import heapq
import sys

GRAPH = {
    "A": {"B": 7, "C": 9, "F": 14},
    "B": {"A": 7, "C": 10, "D": 15},
    "C": {"A": 9, "B": 10, "D": 11, "F": 2},
    "D": {"B": 15, "C": 11, "E": 6},
    "E": {"D": 6, "F": 9},
    "F": {"A": 14, "C": 2, "E": 9},
}


def shortest(graph, source, target):
    heap = [(0, source, [source])]
    seen = set()
    while heap:
        cost, node, path = heapq.heappop(heap)
        if node == target:
            return cost, path
        if node in seen:
            continue
        seen.add(node)
        for neighbour, weight in graph[node].items():
            if neighbour not in seen:
                heapq.heappush(heap, (cost + weight, neighbour, path + [neighbour]))
    return None, []


cost, path = shortest(GRAPH, sys.argv[1], sys.argv[2])
print(cost, "->".join(path))
