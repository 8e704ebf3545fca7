# args: it was the best of times it was the worst of times
import sys
from collections import Counter, defaultdict

words = sys.argv[1:]
by_length = defaultdict(list)
for word in words:
    by_length[len(word)].append(word)
for length in sorted(by_length):
    print(length, sorted(set(by_length[length])))
counts = Counter(words)
print(counts.most_common(2), counts["best"], counts["none"])
print({word: count for word, count in counts.items() if count > 1})
