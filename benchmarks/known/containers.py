"""A walk over a graph: defaultdict, deque, set and Counter."""

from collections import Counter, defaultdict, deque

graph = defaultdict(list)
for i in range(12000):
    graph[i].append(i * 7 % 12000)
    graph[i].append(i * 11 % 12000)
seen = set()
queue = deque([1])
order = []
while queue:
    node = queue.popleft()
    if node in seen:
        continue
    seen.add(node)
    order.append(node)
    for other in graph[node]:
        if other not in seen:
            queue.append(other)
degree = Counter(target for targets in graph.values() for target in targets)
print(len(order), order[:5], degree[0], sum(degree.values()))
