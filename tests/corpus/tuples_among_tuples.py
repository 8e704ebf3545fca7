# args: RURLL q
import sys
n = len(sys.argv)
p = (n, n + 1)
print(p in [(1, 2), (3, 4)], p in ((2, 3), (n, 9)), (1, 2) in [(n, 2), (n - 2, 2)], p not in [p], [n] in [[3], [4]], (n,) in {(3,): 1}, p in {(3, 4), (5, 6)})
seen = [(0, 0)]
x = y = 0
for c in sys.argv[1]:
    x += c == "R"; y += c == "U"; x -= c == "L"
    if (x, y) in seen: print("again", x, y)
    seen.append((x, y))
print(seen)

for ch in sys.argv[1]:
    t = (ch, "a")
    print(t == ("[", "a"), t in [("x", "a"), ("[", "b")], t in (("}", "a"), 3), [ch] == ["x"], [ch] in [["x"]])
d = {"{": "}", "[": "]"}
for ch in sys.argv[1]:
    print(ch in d.values(), ch in d.keys(), ch in list(d.values()), ch in [*d.values()], ch in d.items(), (ch, "]") in d.items())
    if ch in d.values() and ch != "]": print("!")
s = sys.argv[2]
for ch in s:
    if ch in d: print("open")
    elif ch in d.values(): print("close")
