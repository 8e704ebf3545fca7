# args: 3 30 34 5 9 12 121 b a
import sys
from functools import cmp_to_key


def longest_number(a, b):
    if a + b > b + a:
        return -1
    if a + b < b + a:
        return 1
    return 0


words = sys.argv[1:]
print("".join(sorted(words, key=cmp_to_key(longest_number))))
words.sort(key=cmp_to_key(lambda a, b: len(b) - len(a)))
print(words)
words.sort(key=cmp_to_key(lambda a, b: len(b) - len(a)), reverse=True)
print(words)
print(max(words, key=cmp_to_key(longest_number)), min(words, key=cmp_to_key(longest_number)))
numbers = [int(word) for word in words if word.isdigit()]
print(sorted(numbers, key=cmp_to_key(lambda a, b: (a % 10 - b % 10) or (b - a))))
pairs = [(len(word), word) for word in words]


def by_length_then_text(one, other):
    if one[0] != other[0]:
        return other[0] - one[0]
    return (one[1] > other[1]) - (one[1] < other[1])


print(sorted(pairs, key=cmp_to_key(by_length_then_text)))
