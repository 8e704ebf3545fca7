# args: 3 12
# stdin: The quick fox saw the lazy dog. The dog saw the fox, and the fox ran!
# stdin: A dog is a dog; the end.
import sys
import random
from collections import defaultdict
text = sys.stdin.read().lower()
words = [w.strip(".,;:!?\"'()") for w in text.split()]
words = [w for w in words if w]
model = defaultdict(lambda: defaultdict(int))
for a, b in zip(words, words[1:]):
    model[a][b] += 1
print(len(words), "words,", len(set(words)), "distinct")
for w in sorted(model, key=lambda w: (-sum(model[w].values()), w))[:4]:
    follow = ", ".join(f"{k}:{v}" for k, v in sorted(model[w].items()))
    print(f"{w:<8}-> {follow}")
random.seed(int(sys.argv[1]))
cur = words[0]
out = [cur]
for _ in range(int(sys.argv[2])):
    nxt = model.get(cur)
    if not nxt:
        break
    cur = random.choices(list(nxt), weights=list(nxt.values()))[0]
    out.append(cur)
print(" ".join(out).capitalize() + ".")
longest = max(words, key=len)
print(longest, len(longest), longest[::-1], longest.center(20, "*"))
