# args: "aab(bc)cq. heello9 wörld"
import sys
s = sys.argv[1]
best = ""
for c in s:
    if c > best:
        best = c
print(best, c)
last = None
run = 0
longest = 0
for c in s:
    if c == last:
        run += 1
    else:
        run = 1
    last = c
    longest = max(longest, run)
print(longest, last)
prev = s[0]
for c in s[1:]:
    if prev > c:
        print("down at", prev, c)
    prev = c
out = []
stack = []
for c in s:
    if c == "(":
        stack.append(c)
    elif c == ")":
        if not stack:
            print("unbalanced")
            break
        stack.pop()
    else:
        out.append(c)
else:
    print("balanced" if not stack else "open")
print("".join(out), len(out))
count = {}
for c in s:
    count[c] = count.get(c, 0) + 1
print(sorted(count.items()))
enc = ""
i = 0
while i < len(s):
    j = i
    while j < len(s) and s[j] == s[i]:
        j += 1
    enc += s[i] + str(j - i)
    i = j
print(enc)
words = 0
inside = False
digits = 0
for c in s:
    if c.isspace() or c == ".":
        inside = False
    elif not inside:
        inside = True
        words += 1
    if c.isdigit():
        digits += int(c)
print(words, digits)
print("".join(chr((ord(c) - 97 + 3) % 26 + 97) if "a" <= c <= "z" else c for c in s))
if len(s) > 3:
    k = len(s) // 2
    x = s[k] if s[k] > "m" else "less"
    y = s[k] if len(s) > 100 else s[k - 1]
    print(x, y, {s[k]: 1}, (s[k], y), s[k] * 3, f"{s[k]:>4}|", s[k] + y, s.index(s[k]), s.count(y), s[k] in s, s[k] == y)
    print(s.replace(s[k], y), s.split(s[k])[0], s[k].join(["a", "b"]), [s[k], y], s[k].isalpha())
for a, b in zip(s, s[1:]):
    if a == b:
        print("double", a)
        break
for i, c in enumerate(s):
    if c == "e":
        print("e at", i)
        break
def find(s, t):
    for c in s:
        if c == t:
            return c
    return None
print(find(s, "z"), find(s, s[0]))
try:
    for c in s:
        if c == "q":
            raise ValueError(c)
except ValueError as error:
    print("raised", error)
