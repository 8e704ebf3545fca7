# args: 1 2 3 2
import sys
from dataclasses import dataclass
@dataclass
class T:
    n: int
    name: str = "t"
ts = []
for a in sys.argv[1:]:
    ts.append(T(int(a)))
print(ts.count(T(2)), ts.index(T(3)), T(2) in ts, T(9) in ts)
ts.remove(T(2))
print(ts)
ts.remove(ts[-1])
print(ts)
words = sys.argv[1:]
print(words.index("3"), words.count("2"))
words.remove("2")
print(words)
try:
    ts.remove(T(77))
except ValueError as e:
    print(e)
try:
    ts.index(T(77))
except ValueError as e:
    print(e)
