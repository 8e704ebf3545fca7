# stdin: The quick brown fox jumps over the lazy dog.
# stdin: The dog sleeps; the fox runs away.
# stdin:
# stdin: A quick end.
import sys
from collections import Counter

lines = words = letters = 0
counter = Counter()
longest = ""
for line in sys.stdin:
    lines += 1
    for word in line.split():
        word = word.strip(".,;:!?").lower()
        if not word:
            continue
        words += 1
        letters += len(word)
        counter[word] += 1
        if len(word) > len(longest):
            longest = word
print(lines, "lines,", words, "words")
print(f"average word length {letters / words:.2f}, longest {longest!r}")
for word, count in counter.most_common(3):
    print(f"{word:>8} {count}")
