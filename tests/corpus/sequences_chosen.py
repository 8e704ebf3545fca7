# args: 4
import sys
n = int(sys.argv[1])
def sel(c, xs):
    it = map(str, xs) if c else filter(lambda v: v % 2, xs)
    for v in it:
        print(v, end=" ")
    print()
sel(n > 2, [1, 2, 3, 4])
xs = list(range(n))
sel(n > 2, xs)
it = iter(xs) if n > 3 else reversed(xs)
print(list(it))
it = iter(xs) if n > 3 else reversed(xs)
for i, v in enumerate(it):
    print(i, v)
seq = reversed(range(n)) if n % 2 else range(n)
for v in seq:
    print("s", v)
for a, b in zip(xs, (iter("abcdefg") if n > 2 else reversed("xyz"))):
    print(a, b)
order = sorted(xs) if n > 9 else reversed(xs)
print([v * 2 for v in order])
gen = (v * v for v in xs) if n > 3 else (v + 1 for v in xs)
print(sum(gen))
