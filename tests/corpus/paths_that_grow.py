# args: 4
import sys
def dfs(u, graph, visited, path=None):
    path = (path or []) + [u]
    for v in graph[u]:
        if visited[u][v] is False:
            visited[u][v], visited[v][u] = True, True
            path = dfs(v, graph, visited, path)
    return path
g = {1: [2, 3, 4], 2: [1, 3], 3: [1, 2], 4: [1, 5], 5: [4]}
n = len(sys.argv) + 8
ve = [[False for _ in range(n + 1)] for _ in range(n + 1)]
print(dfs(1, g, ve))
def walk(t, acc=None):
    acc = acc or []
    if t == 0: return acc
    return walk(t - 1, acc + [t])
print(walk(int(sys.argv[1])))
def collect(t, acc=None):
    if acc is None: acc = []
    if t > 0:
        acc.append(t)
        collect(t - 1, acc)
    return acc
print(collect(int(sys.argv[1])))
