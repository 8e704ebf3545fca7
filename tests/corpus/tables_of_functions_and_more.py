# args: lu sor
import sys
def sor(n, m): return n * m
def lu(n, m): return n - m
class A: pass
class B: pass
T = {"sor": (sor, 100, 10, A), "lu": (lu, 3, 4, B)}
import argparse
p = argparse.ArgumentParser()
p.add_argument("what", nargs="*", choices=sorted(T))
print(p.parse_args().what)
f, n, m, c = T[sys.argv[1]]
print(f(n, m), c.__name__)
for k in sys.argv[1:]:
    f, n, m, c = T[k]
    print(k, f(n, m), c.__name__)
