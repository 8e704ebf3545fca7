# args: hello 3
import sys, copy
n = int(sys.argv[2])
e = sys.argv[1].encode()
class Buf:
    def __init__(self):
        self.data = bytearray()
    def put(self, x):
        self.data.append(x)
        return self
    def __len__(self):
        return len(self.data)
b = Buf()
b.put(1).put(n)
if n > 2:
    b.put(9)
else:
    b.data.clear()
print(b.data, len(b))
alias = b.data
alias[0] = 7
print(b.data, alias is b.data)
acc = b""
for x in e:
    acc += bytes([x ^ 1])
    if len(acc) > n:
        break
print(acc)
rows = [bytearray(3) for _ in range(2)]
rows[0][1] = n
print(rows)
match alias:
    case bytearray():
        print("ba")
    case _:
        print("no")
c = copy.copy(alias)
c[0] = 1
print(c, alias, c == alias, c != alias)
def rle(data):
    out = bytearray()
    i = 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i]:
            j += 1
        out += bytes([j - i, data[i]])
        i = j
    return bytes(out)
print(rle(e), rle(b"aaab" * n))
grid = [bytearray(b"." * n) for _ in range(n)]
for i in range(n):
    grid[i][i] = ord("#")
for row in grid:
    print(row.decode())
for i in range(len(alias)):
    alias[i] += 1
print(alias, alias * 2, alias + b"x", b"x" + alias)
x = 0
while x < len(alias):
    print(alias[x:x + 2])
    x += 2
d = {"a": alias}
d["a"].append(5)
print(alias, any(alias), all(alias), tuple(alias), set(e) == set(e))
z = bytearray(e)
if n == 3:
    z = bytearray(b"other")
print(z)
s = 0
for p, q in zip(z, z[1:]):
    s += abs(p - q)
print(s, z.index(b"h"), z.rfind(b"o"), z.isalpha(), z.title(), z.split(b"h"), z.strip(b"o"))
bits = "".join(f"{v:08b}" for v in e)
print(bits, bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
crc = 0xFFFFFFFF
for v in e:
    crc ^= v
    for _ in range(8):
        crc = (crc >> 1) ^ 0xEDB88320 if crc & 1 else crc >> 1
print(hex(crc ^ 0xFFFFFFFF))
print(max(e), min(e, default=0), sorted(e, reverse=True), e.count(b"l"), e.index(b"l"), e in [b"hello"], e != b"x", e >= b"a", e == "hello")
print(e.partition(b"l"), e.center(9, b"*"), e.rjust(n + 5, b"."), e.islower(), e.splitlines(), e.zfill(8), e.lstrip(b"h"))
first, *rest = e
print(first, rest)
print(z.pop(0), z.pop(), z)
z[1] = n * 100
