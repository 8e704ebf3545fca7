# args: Mississippi
import sys

text = sys.argv[1].lower()
counts = {}
for letter in text:
    counts[letter] = counts.get(letter, 0) + 1
for letter in sorted(counts, key=lambda c: (-counts[c], c)):
    share = counts[letter] / len(text)
    print(f"{letter} {counts[letter]} {share:6.1%} {'*' * counts[letter]}")
