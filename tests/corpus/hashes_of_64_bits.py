# args: hello 12345
import sys
M = (1 << 64) - 1
def fnv(s):
    h = 0xcbf29ce484222325
    for c in s:
        h ^= ord(c)
        h *= 0x100000001b3
        h &= M
    return h
print(fnv(sys.argv[1]))
class R:
    def __init__(self, s):
        self.s = s
    def next(self):
        self.s ^= self.s << 13
        self.s &= M
        self.s ^= self.s >> 7
        self.s ^= self.s << 17
        self.s &= M
        return self.s
r = R(int(sys.argv[2]))
print([r.next() for _ in range(4)])
def poly(s, base=911382323, mod=972663749911):
    h = 0
    for c in s:
        h = h * base + ord(c)
        h %= mod
    return h
print(poly(sys.argv[1] * 3))
x = int(sys.argv[2]) * 10 ** 14
y = (x * x) % (10**18 + 9)
print(y, (x * -x) % 1000003, x * x % -7 if False else 0)
big = fnv(sys.argv[1])
print(big > 5, big == 0, bool(big), big // 3, big % 10, -big, ~big, abs(-big), float(big), big / 7, f"{big:x}", f"{big:>25,}", hex(big), str(big), big * 1.5, big + 1, big - 2**64, divmod(big, 1000), big ** 2)
d = {big: 1}
l = [big, 3]
l.append(big >> 60)
print(l, d, max(big, 3), min(l), sorted(l), sum(l), hash(big), big.bit_length(), big in d)
print(int(big), round(big), big < 2.5, big > 1e18, big == 1.5)
state = big
n = 0
while state != 1 and n < 5:
    state = state // 2 if state % 2 == 0 else (3 * state + 1) & M
    n += 1
print(state)
print(big << 3, big << n, big >> n, 1 << (n + 60) & M)
def stepped(h):
    h = h * 6364136223846793005 + 1442695040888963407
    h &= M
    return h
def shifted(h):
    h = h * 6364136223846793005 + 1442695040888963407
    h = h & M
    return h >> 3
print(stepped(int(sys.argv[2])), shifted(int(sys.argv[2])))
h = int(sys.argv[2])
def third(h):
    h = h * 98765432109
    return h // 3
h = third(h)
h &= M
print(h)
k = int(sys.argv[2]) - 20000
print(k % 2**64, k & (2**64 - 1), k % 2**70)
