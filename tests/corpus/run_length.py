# args: aaabccddddd
import sys
from itertools import groupby


def encode(text):
    return [(char, len(list(group))) for char, group in groupby(text)]


def decode(pairs):
    return "".join(char * count for char, count in pairs)


text = sys.argv[1]
pairs = encode(text)
print(pairs)
print("".join(f"{count}{char}" for char, count in pairs))
print(decode(pairs) == text)
