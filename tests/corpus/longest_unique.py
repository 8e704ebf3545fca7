# args: 'Able was I ere I saw Elba'
import sys
from collections import Counter, defaultdict


def longest_unique(s):
    last, start, best = {}, 0, ""
    for i, c in enumerate(s):
        if c in last and last[c] >= start:
            start = last[c] + 1
        last[c] = i
        if i - start + 1 > len(best):
            best = s[start:i + 1]
    return best


def is_palindrome(s):
    t = [c.lower() for c in s if c.isalnum()]
    return t == t[::-1]


def groups(words):
    table = defaultdict(list)
    for w in words:
        table["".join(sorted(w.lower()))].append(w)
    return [g for g in table.values() if len(g) > 1]


def rle(s):
    out, i = "", 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out += s[i] + (str(j - i) if j - i > 1 else "")
        i = j
    return out


s = sys.argv[1]
print(repr(longest_unique(s)), is_palindrome(s), rle(s.replace(" ", "")))
c = Counter(s.lower())
for ch, k in sorted(c.items(), key=lambda kv: (-kv[1], kv[0]))[:4]:
    print(f"{ch!r}: {k} {'#' * k}")
print(groups(["listen", "silent", "enlist", "google", *s.split()]))
vowels = sum(map(s.lower().count, "aeiou"))
print(vowels, s.title(), s.swapcase(), "-".join(s.split()))
