# stdin: 5 a
# stdin: 3 b
# stdin: 9 c
# stdin: 3 d
# stdin: 1 e
import heapq, sys
class Task:
    def __init__(self, p, name):
        self.p = p
        self.name = name
    def __lt__(self, other):
        return self.p < other.p
    def __repr__(self):
        return f"{self.name}:{self.p}"
q = []
for line in sys.stdin:
    p, name = line.split()
    heapq.heappush(q, Task(int(p), name))
print(q)
while q:
    print(heapq.heappop(q))
