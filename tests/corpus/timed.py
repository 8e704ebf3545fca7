# args: 10
import sys
import timeit
from timeit import default_timer as timer
def f(n): return sum(i * i for i in range(n))
start = timer()
print(f(int(sys.argv[1])))
took = timer() - start
print(took >= 0, timeit.timeit(lambda: f(10), number=3) >= 0, len(timeit.repeat(lambda: f(3), number=2, repeat=4)))
t = timeit.Timer(lambda: f(4))
print(t.timeit(5) >= 0)
