# args: "let x = 3 + foo(4, 2) * 7; print x"
import re
import sys
from typing import NamedTuple


class Token(NamedTuple):
    type: str
    value: str
    column: int


KEYWORDS = {"let", "print"}
SPEC = [("NUMBER", r"\d+(\.\d*)?"), ("ID", r"[A-Za-z_]\w*"), ("OP", r"[+\-*/=(),;]"), ("SKIP", r"[ \t]+"),
        ("BAD", r".")]
PATTERN = "|".join(f"(?P<{name}>{regex})" for name, regex in SPEC)


def tokenize(code):
    for m in re.finditer(PATTERN, code):
        kind = m.lastgroup
        value = m.group()
        if kind == "SKIP":
            continue
        if kind == "BAD":
            raise SyntaxError(f"{value!r} unexpected at {m.start()}")
        if kind == "ID" and value in KEYWORDS:
            kind = value.upper()
        yield Token(kind, value, m.start())


counts = {}
for token in tokenize(sys.argv[1]):
    print(f"{token.column:3} {token.type:<7}{token.value}")
    counts[token.type] = counts.get(token.type, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
