# args: 5 9 -7
import sys

n, a, b = (int(word) for word in sys.argv[1:])
ring = [i * i % 7 for i in range(n)]
for step in range(3 * n):
    i = step % n
    ring[i] = (ring[(i + 1) % n] + ring[(i - 1) % n] * a) % b
print(ring)
big = 2**62
for m in (n, a, b, -n):
    print((big + a * big) % m, (a - big * b) % m, (big * big - 1) % m)
