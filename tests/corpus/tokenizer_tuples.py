# args: 'x1 = 3.5 * (y + 42) - "hi there"' 'a==b != c'
import sys
from typing import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str
    column: int


def tokenize(source):
    tokens = []
    i = 0
    while i < len(source):
        ch = source[i]
        if ch.isspace():
            i += 1
        elif ch.isalpha() or ch == "_":
            j = i
            while j < len(source) and (source[j].isalnum() or source[j] == "_"):
                j += 1
            tokens.append(Token("NAME", source[i:j], i))
            i = j
        elif ch.isdigit():
            j = i
            while j < len(source) and (source[j].isdigit() or source[j] == "."):
                j += 1
            tokens.append(Token("NUMBER", source[i:j], i))
            i = j
        elif ch == '"':
            j = source.index('"', i + 1)
            tokens.append(Token("STRING", source[i + 1 : j], i))
            i = j + 1
        elif source[i : i + 2] in ("==", "!=", "<=", ">="):
            tokens.append(Token("OP", source[i : i + 2], i))
            i += 2
        else:
            tokens.append(Token("OP", ch, i))
            i += 1
    return tokens


for source in sys.argv[1:]:
    for token in tokenize(source):
        print(f"{token.column:3d} {token.kind:8s} {token.text!r}")
    kinds = {}
    for kind, _, _ in tokenize(source):
        kinds[kind] = kinds.get(kind, 0) + 1
    print(kinds)
