# args: hello1b
import sys
s = sys.argv[1]
print(list(s), sorted(s), tuple(s), set(s) == set(list(s)), len(set(s)), "".join(reversed(s)), list(enumerate(s))[:2], dict(zip(s, range(9))))
print([c for c in s if c != "a"], "".join(c.upper() for c in s), sum(1 for c in s if c in "aeiou"), any(c.isdigit() for c in s), all(c.isalpha() for c in s))
print(max(s), min(s), list(map(ord, s)), [*s], *s)
a, *b = s
print(a, b)
it = iter(s)
print(next(it), next(it), list(it))
print({c: s.count(c) for c in sorted(set(s))}, [a + b for a, b in zip(s, s[1:])], max(s, key=s.count), sorted(s, key=ord, reverse=True))
from collections import Counter, deque
print(Counter(s).most_common(2), deque(s, 3), "-".join(s), list(filter(str.isalpha, s)))
for i, c in enumerate(reversed(s)):
    print(i, c, end=";")
print(s.join("ab"), list(s)[-1], next(iter(s)), " ".join(sorted(set(s))))
def gen(t):
    for c in t:
        yield c
print(list(gen(s)), "".join(gen(s)))
m = [[c for c in w] for w in s.split("b")]
print(m)
