# args: 2
# stdin: 1 1
# stdin: 1.5 2
# stdin: 5 5
# stdin: 6 5
# stdin: 5 6.5
import sys


def read_points(stream):
    points = []
    for line in stream:
        if not line.strip():
            continue
        x, y = map(float, line.split())
        points.append((x, y))
    return points


def dist2(p, q):
    return sum((a - b) ** 2 for a, b in zip(p, q))


def kmeans(points, k, rounds=20):
    centres = points[:k]
    labels = [0] * len(points)
    for round_ in range(rounds):
        new = [min(range(k), key=lambda j: dist2(p, centres[j])) for p in points]
        if new == labels and round_:
            break
        labels = new
        for j in range(k):
            members = [p for p, lab in zip(points, labels) if lab == j]
            if members:
                centres[j] = tuple(sum(c) / len(members) for c in zip(*members))
    return centres, labels, round_


points = read_points(sys.stdin)
k = int(sys.argv[1])
if k > len(points):
    print(f"cannot make {k} clusters of {len(points)} points")
    sys.exit(3)
centres, labels, rounds = kmeans(points, k)
print(f"after {rounds} rounds")
for j, (x, y) in enumerate(centres):
    print(f"cluster {j}: ({x:.2f}, {y:.2f}) n={labels.count(j)}")
print("".join(chr(ord("A") + lab) for lab in labels))
