# args: 10
import sys

weights = [2, 3, 4, 5, 9]
values = [3, 4, 8, 8, 10]
capacity = int(sys.argv[1])
best = [[0] * (capacity + 1) for _ in range(len(weights) + 1)]
for i, (w, v) in enumerate(zip(weights, values), start=1):
    for c in range(capacity + 1):
        best[i][c] = best[i - 1][c]
        if w <= c:
            best[i][c] = max(best[i][c], best[i - 1][c - w] + v)
chosen = []
c = capacity
for i in range(len(weights), 0, -1):
    if best[i][c] != best[i - 1][c]:
        chosen.append(i - 1)
        c -= weights[i - 1]
print("value", best[-1][-1], "items", sorted(chosen))
