# args: 2
import math
import sys

scale = float(sys.argv[1])
corners = [(0, 0), (4, 0), (4, 3), (1, 5)]
corners = [(scale * x, scale * y) for x, y in corners]
area = perimeter = 0.0
for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1]):
    area += x1 * y2 - x2 * y1
    perimeter += math.hypot(x2 - x1, y2 - y1)
print(f"area {abs(area) / 2:.2f} perimeter {perimeter:.3f}")
cx = sum(x for x, _ in corners) / len(corners)
cy = sum(y for _, y in corners) / len(corners)
print(f"middle ({cx}, {cy})")
