# args: 3
import sys


def make_counter(start=0, step=1):
    value = start

    def up():
        nonlocal value
        value += step
        return value

    def reset():
        nonlocal value
        value = start

    return up, reset


n = int(sys.argv[1])
up, reset = make_counter(step=n)
tens, _ = make_counter(10, 10)
for _ in range(n):
    print(up(), tens())
reset()
print(up())
adders = [lambda x, k=k: x + k for k in range(4)]
print([add(n) for add in adders], [f(n) for f in (lambda x: -x, abs)])
