"""Modes, places and lines of files; sys.argv: a number, no file."""

import sys, os, json
n = int(sys.argv[1])
with open("t.txt", "w") as f:
    print(f.mode, f.name, f.closed, f.writable(), f.readable())
    for i in range(n):
        f.write(f"line {i}\n")
    f.writelines([f"x{i}\n" for i in range(3)])
    print(f.tell())
with open("t.txt", "r+") as f:
    print(f.readline(), end="")
    f.seek(0)
    f.write("LINE")
    f.seek(0, 2)
    f.write("end\n")
print(open("t.txt").read())
with open("t.txt", "a+") as f:
    f.write("more")
    f.seek(0)
    print(len(f.read()))
with open("w.txt", "w+") as f:
    f.write("abc")
    f.seek(1)
    print(f.read(), f.read())
try:
    open("t.txt", "x")
except FileExistsError as e:
    print(e)
with open("new.txt", "x") as f:
    f.write("new")
with open("b.bin", "wb") as f:
    print(f.write(b"\x00\x01\x02abc"), f.tell())
with open("b.bin", "rb") as f:
    print(f.read(2), f.seek(-2, 2), f.read(), f.seek(1), f.read(1), f.seek(1, 1), f.read(1))
with open("b.bin", "r+b") as f:
    f.seek(2)
    f.write(b"Z")
    f.seek(0)
    print(f.read())
with open("b.bin", "ab") as f:
    f.write(bytes([n]))
data = open("b.bin", "rb").read()
print(len(data), data[-1], list(data[:3]))
with open("t.txt") as f, open("copy.txt", "w") as g:
    for k, line in enumerate(f):
        if k % 2:
            continue
        g.write(line.upper())
print(open("copy.txt").read())
with open("t.txt") as f:
    first = next(f)
    rest = f.readlines()
    print(repr(first), len(rest), repr(f.readline()))
with open("t.txt") as f:
    while line := f.readline():
        if line.startswith("x"):
            print(line.strip())
with open("t.txt") as f:
    while True:
        chunk = f.read(8)
        if not chunk:
            break
        print(repr(chunk), end=" ")
print()
with open("t.txt") as f:
    print([line.rstrip("\n") for line in f if "1" in line])
with open("t.txt") as f:
    print(sum(len(line) for line in f), max(len(l) for l in open("t.txt")))
f = open("t.txt")
it = iter(f)
print(next(it), next(it))
f.close()
try:
    f.read()
except ValueError as e:
    print(e)
try:
    with open("t.txt") as f:
        f.write("a")
except Exception as e:
    print(type(e).__name__, e)
try:
    with open("t.txt", "w") as f:
        f.read()
except OSError as e:
    print(type(e).__name__, e)
d = {"n": n, "xs": [1.5, 2, n], "name": "é", "sub": {"k": [True, None]}}
with open("d.json", "w") as f:
    json.dump(d, f, indent=2, sort_keys=True)
with open("d.json") as f:
    e = json.load(f)
print(e["xs"][2], e["name"], e["sub"]["k"], e == d)
print(json.loads(open("d.json").read())["n"] + 1)
with open("latin.txt", "w", encoding="latin-1") as f:
    f.write("é\n")
print(open("latin.txt", "rb").read(), open("latin.txt", encoding="latin-1").read())
with open("nl.txt", "w", newline="\r\n") as f:
    f.write("a\nb\n")
print(open("nl.txt", "rb").read(), open("nl.txt").readlines(), open("nl.txt", newline="").readlines())
with open("tr.txt", "w+") as f:
    f.write("123456")
    print(f.truncate(3))
print(os.path.getsize("tr.txt"))
counts = {}
with open("words.txt", "w") as f:
    f.write("a b a\nc a b\n")
for line in open("words.txt"):
    for w in line.split():
        counts[w] = counts.get(w, 0) + 1
print(counts, sorted(counts))
rows = [[float(v) for v in line.split(",")] for line in ["1,2", "3,4"]]
try:
    open(sys.argv[2])
except IsADirectoryError as e:
    print(e.errno, e.strerror, e.filename)
except FileNotFoundError as e:
    print("no", e.errno, e.strerror, e.filename)
try:
    open("no/such/file", "w")
except FileNotFoundError as e:
    print(e)
with open("t.txt", encoding="utf-8", errors="replace") as f:
    print(f.encoding, f.read())
def save(path, values):
    with open(path, "w") as f:
        f.write("\n".join(str(v) for v in values))
def load(path):
    with open(path) as f:
        return [int(x) for x in f.read().split()]
save("v.txt", range(n))
print(load("v.txt"), sum(load("v.txt")))
int(open("d.json").read())
