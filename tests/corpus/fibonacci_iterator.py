# args: 5 20
import sys


class Fib:
    def __init__(self, limit):
        self.limit = limit

    def __iter__(self):
        self.a, self.b = 0, 1
        return self

    def __next__(self):
        if self.a > self.limit:
            raise StopIteration
        value = self.a
        self.a, self.b = self.b, self.a + self.b
        return value


n, limit = map(int, sys.argv[1:])
for f in Fib(limit):
    print(f, end=" ")
print()
print(list(Fib(limit)), sum(Fib(n)), max(Fib(limit)), 8 in Fib(limit))
print([x * 2 for x in Fib(n)])
print(list(zip(Fib(limit), range(3))))
for i, f in enumerate(Fib(limit)):
    if i >= 4:
        break
    print(i, f)
