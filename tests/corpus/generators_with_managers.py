# args: 3 8
import sys
class Res:
    def __init__(self, name): self.name = name
    def __enter__(self):
        print("enter", self.name); return self
    def __exit__(self, *a):
        print("exit", self.name, a[0] is None); return False
def lines(n):
    with Res("r") as r:
        for i in range(n):
            yield f"{r.name}{i}"
n = int(sys.argv[1])
g = lines(n)
while True:
    try:
        print(next(g))
    except StopIteration:
        break
g = lines(n)
k = 0
while k < n - 1:
    print(next(g)); k += 1
g.close()
