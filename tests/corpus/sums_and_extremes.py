# args: 40 2.5
import sys
import random
n = int(sys.argv[1])
rng = random.Random(5)
xs = [rng.uniform(-1, 1) * 10 ** rng.randint(-8, 8) for _ in range(n)]
print(sum(xs), sum(x * x for x in xs), sum(xs, 1), sum(xs, 0.5), sum(xs[:n // 2]))
t = float(sys.argv[2])
print(sum([t, 1e16, 1, -1e16]), sum((t, 0.1, 0.2, 0.3)), sum([0.1] * 10), sum([1e308 * t, 1e308, 5.0]), sum([]), sum([1, 2], t))
print(sum(xs[:0]), sum(-0.0 for _ in range(n)), sum([True, 2.5, t]), sum(i / 3 for i in range(n)))
rows = [[rng.random() for _ in range(n)] for _ in range(3)]
print([sum(r) for r in rows], sum(map(sum, rows)), sum(sum(r) for r in rows))
print(max([float("nan"), t]), max([t, float("nan")]), min(t, 0.0, -0.0), max(xs), min(xs))
ys = [x if x > -1 else float("nan") for x in xs]
print(max(ys), min(ys), max(ys[1:]), min(ys[2:]), max([y * 0.0 for y in ys]), min([-0.0 if y > 0 else 0.0 for y in xs]))
