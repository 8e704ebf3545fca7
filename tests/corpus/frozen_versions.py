# args: 1.2 1.10 0.9 1.2
import sys
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0


def parse(text):
    major, minor = text.split(".")
    return Version(int(major), int(minor))


first = parse(sys.argv[1])
names = {first: "first", Version(0, 9): "old"}
print(names[parse(sys.argv[4])], Version(0, 9) in names, Version(5) in names)
known = {parse(text): text for text in sys.argv[1:]}
print(sorted(known), max(known), len({first, parse(sys.argv[4])}))
