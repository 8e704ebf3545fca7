# args: 50
import sys
from itertools import accumulate, count, takewhile

limit = int(sys.argv[1])
triangles = list(takewhile(lambda t: t <= limit, accumulate(count(1))))
print(triangles)
pythagorean = [
    (a, b, c)
    for c in range(1, 30)
    for b in range(1, c)
    for a in range(1, b)
    if a * a + b * b == c * c
]
print(pythagorean)
