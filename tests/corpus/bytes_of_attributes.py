# args: 5
import sys
class N:
    def __init__(self):
        self.found = None
        self.keys = []
n = N()
k = int(sys.argv[1])
if k > 2:
    n.found = k
f = n.found
out = bytes([n.found])
print(out, bytes([1, k]), bytearray([n.found, 3]))
items = [N() for _ in range(k)]
items[0].found = 65
for it in items[:1]:
    print(bytes([it.found]))
try:
    print(bytes([items[1].found]))
except TypeError as e:
    print(e)
