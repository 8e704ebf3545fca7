# args: hello 3
import sys

n = int(sys.argv[2])
def show(*a):
    print(*a)
buf = bytearray()
for i in range(n):
    buf.append(65 + i)
    if i == 1:
        buf += b"--"
show(buf, len(buf), buf[0], buf[-1], buf[1:3], 66 in buf, b"--" in buf)
total = 0
for x in buf:
    total += x
show(total, total % 7, sum(buf), max(buf), min(buf))
buf[1] ^= 0x20
buf[2:4] = b"+"
show(buf, bytes(buf), buf.hex(), buf.decode(), list(buf), sorted(buf))
del buf[0]
show(buf.pop(), buf, buf == b"b+", buf < b"c", bool(buf))
buf.reverse()
buf.insert(0, n)
show(buf, repr(buf), str(buf), f"{buf}")
ba = bytearray(10)
for i in range(0, 10, 3):
    ba[i] = 1
show(ba, ba.count(1))
sieve = bytearray([1]) * (n * 10)
for p in range(2, n * 10):
    if sieve[p]:
        for q in range(p * p, n * 10, p):
            sieve[q] = 0
show([i for i in range(2, n * 10) if sieve[i]])
k = bytearray(b"known")
k[0] = 75
k.extend(b"!!")
show(k, isinstance(k, bytearray), type(k), isinstance(k, bytes))
show(bytearray("héé", "utf-8"), bytearray.fromhex("ff 00"), bytes.fromhex("0aff"))
for f in (lambda: bytes([n, 256 + n]), lambda: bytearray([n - 10]), lambda: buf.append(256 + n), lambda: bytes(n - 10)):
    try:
        show(f())
    except ValueError as e:
        show("ValueError", e)
try:
    buf[n + 100] = 3
except IndexError as e:
    show("IndexError", e)
try:
    k[0] = 300
except ValueError as e:
    show("VE", e)
try:
    show(bytes.fromhex("zz" + str(n)))
except ValueError as e:
    show("VE", e)
show(n.to_bytes(2, "big"), (n * 1000).to_bytes(4, "little"), (-n).to_bytes(2, "big", signed=True))
try:
    (n * 1000).to_bytes(1, "big")
except OverflowError as e:
    show("OE", e)
e = sys.argv[1].encode()
show(int.from_bytes(e, "big"), int.from_bytes(e[:2], "little") + 1, e.hex(), e.upper(), e.split(b"l"), e.find(b"l"), e.replace(b"l", b"L"), e.startswith(b"he"))
key = bytes(b ^ n for b in e)
show(key, bytes(b ^ n for b in key))
show(bytes(reversed(e)), e[::-1], b"-".join([e, b"x"]), e + bytes([n]), sorted(e))
counts = {}
for b in e:
    counts[b] = counts.get(b, 0) + 1
show(counts)
words = {}
for w in e.split(b"l"):
    words[w] = len(w)
show(words, b"he" in words)
show([e, e], (e, 1), {e: n})
h = 5381
for b in e:
    h = (h * 33 + b) & 0xFFFFFFFF
show(h)
show("%s %r" % (e, e), f"{e!r:>12}", b"%d-%s" % (n, e))
h = bytearray(e)
h[0:1] = b"J"
show(h, e, h.decode().title(), h.find(b"l"))
for i, b in enumerate(h): show(i, b, chr(b))
for a, b in zip(e, h): show(a ^ b, end=" ") if False else show(a ^ b)
def change(x):
    x.append(33)
change(h); show(h, h.copy(), h is h, bytes(h) == bytes(h[:]))
print(e[1] + e[2], hex(e[0]), "{:02x}".format(e[1]), f"{e[2]:08b}", " ".join(f"{b:02X}" for b in e))

t = sys.argv[1]
n = int(sys.argv[2])
b = t.encode("utf-8")
print(b.hex(), b.decode(), bytes.fromhex(b.hex()))
print(int.from_bytes(b[:4], "big"), n.to_bytes(4, "little"), int.from_bytes(b[:2], "little", signed=True))
print(sum(b), max(b), min(b))
d = {b: 1}
d[b"x"] = n
print(d[b], d)
print(sorted(b), list(b), b + b"!", b * 2)
print(f"{b!r} {b}")
print(bytes(n), bytearray(n))

n = int(sys.argv[2])
b = bytes([n, n + 1, 200])
print(b)
a = bytearray([n, 2])
a.append(n)
a.extend([1, n])
a[0] = n + 2
print(a, len(a))
try:
    bytes([n + 300])
except ValueError as e:
    print("VE", e)
try:
    a.append(n + 300)
except ValueError as e:
    print("VE", e)

n = int(sys.argv[2])
x = n / 2
print(n.bit_length(), n.bit_count(), x.is_integer(), x.hex(), x.as_integer_ratio(), n.conjugate(), n.real, x.imag, n.numerator)
print((n + 300).bit_length())
