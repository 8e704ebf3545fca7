# args: abracadabra
import heapq
import sys
from collections import Counter

text = sys.argv[1]
heap = [(count, number, char) for number, (char, count) in enumerate(sorted(Counter(text).items()))]
heapq.heapify(heap)
number = len(heap)
while len(heap) > 1:
    a = heapq.heappop(heap)
    b = heapq.heappop(heap)
    heapq.heappush(heap, (a[0] + b[0], number, (a, b)))
    number += 1
codes = {}


def walk(node, code):
    if isinstance(node[2], str):
        codes[node[2]] = code or "0"
    else:
        walk(node[2][0], code + "0")
        walk(node[2][1], code + "1")


walk(heap[0], "")
for char in sorted(codes):
    print(char, codes[char])
print(len("".join(codes[char] for char in text)), "bits")
