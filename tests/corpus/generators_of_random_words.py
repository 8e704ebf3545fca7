# args: hello 12345
import sys
M = 0xFFFFFFFFFFFFFFFF
def xorshift64(x):
    x ^= (x << 13) & M
    x ^= x >> 7
    x ^= (x << 17) & M
    return x & M
x = int(sys.argv[2])
for _ in range(6):
    x = xorshift64(x)
    print(x)
def xorshift64star(x):
    x ^= x >> 12
    x ^= (x << 25) & M
    x ^= x >> 27
    return x, (x * 0x2545F4914F6CDD1D) & M
x = int(sys.argv[2])
for _ in range(6):
    x, r = xorshift64star(x)
    print(x, r, r >> 32, r % 6 + 1, r / 2**64)
class LCG:
    def __init__(self, seed): self.state = seed
    def next(self):
        self.state = (6364136223846793005 * self.state + 1442695040888963407) & M
        return self.state >> 33
    def random(self): return self.next() / (1 << 31)
g = LCG(x)
for _ in range(4): print(g.next())
print(g.random())
def rotl(x, k): return ((x << k) | (x >> (64 - k))) & M
print(rotl(x, 5), rotl(int(sys.argv[2]), 60))
def djb2(s):
    h = 5381
    for c in s: h = ((h << 5) + h + ord(c)) & 0xFFFFFFFFFFFFFFFF
    return h
print(djb2(sys.argv[1] * 10))
