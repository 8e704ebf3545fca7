# args: 3 5 2 8
import sys
nums = [int(a) for a in sys.argv[1:]]
def total(it):
    t = 0
    for v in it:
        t += v
    return t, sum(it)
print(total(map(abs, nums)), total(v * 2 for v in nums))
it = map(lambda v: v * 2, nums)
print(next(it), next(it), max(it), list(it))
z = zip(nums, range(9))
a, b = next(z)
print(a, b, dict(z), dict(z))
class P:
    def __init__(self, xs): self.it = enumerate(xs)
    def get(self): return next(self.it, None)
p = P(nums)
print(p.get(), p.get(), list(p.it), p.get())
m = map(float, nums)
x, y, *r = m
print(x, y, r, list(m))
e = enumerate(nums, 1)
print(sum(i * v for i, v in e), sorted(e))
r = reversed(nums)
print(*r, *r)
print(max(map(len, sys.argv[1:])), any(v > 7 for v in map(abs, nums)), [i for i, v in enumerate(nums) if v > 2])
xs = [1.5 * v for v in nums]
print(sum(a * b for a, b in zip(xs, nums)), list(map(lambda a, b: a + b, xs, nums)))
w = (a + b for a, b in zip(xs, nums))
print(next(w), list(w), list(w))
print(type(it).__name__)

n = nums[2]
def check(x):
    print("check", x)
    return x == n
print(any(check(x) for x in [1, 2, 3]), all(check(x) for x in (2, 3)))
print(any(10 // (x - 2) > n for x in [1, 7, 2]))
print(any(map(check, [1, 2, 3])), any([check(4), check(5)]))
print(2 in (check(x) or x for x in [2, 3]), any(check(x) for x in range(3)))
print(max((check(x) for x in [1, 2]), default=0), next((x for x in [1, 2, 3] if check(x)), None))
it = iter(nums)
print(any(v > 4 for v in it), list(it))
it = iter(nums)
print(3 in it, list(it))
it = iter(nums)
print(all(v > 3 for v in it), list(it))
it = map(lambda v: v + 1, nums)
print(any(v > 4 for v in it), list(it))
it = iter([7, len(nums), 9])
print(any(v > 6 for v in it), list(it))
it = iter([1, len(nums), 9])
print(any(v > 3 for v in it), list(it))
for it in (map(lambda v: v + 1, nums), zip(nums, nums)):
    print(list(it), list(it))
z = zip(nums, nums[1:])
print(next(z, None), next(z, None), list(z))
e = enumerate(nums)
for i, v in e:
    if i == 1:
        break
print(list(e))
g0 = (x for x in sorted(nums) if x % 2 == 0)
print(list(zip(g0, g0)))
