"""A scanner that walks over a text by its characters."""

source = "let x1 = (alpha + 42) * beta7 - 3 ; " * 600
kinds = {"+": "ADD", "-": "SUB", "*": "MUL", "(": "OPEN", ")": "CLOSE", "=": "SET", ";": "END"}
tokens = []
at = 0
while at < len(source):
    c = source[at]
    if c == " ":
        at += 1
        continue
    if c.isalpha():
        start = at
        while at < len(source) and (source[at].isalnum() or source[at] == "_"):
            at += 1
        word = source[start:at]
        tokens.append(("LET" if word == "let" else "NAME", word))
    elif c.isdigit():
        value = 0
        while at < len(source) and source[at].isdigit():
            value = value * 10 + int(source[at])
            at += 1
        tokens.append(("NUMBER", value))
    elif c in kinds:
        tokens.append((kinds[c], c))
        at += 1
    else:
        raise SystemExit(f"bad character {c!r}")
counts = {}
for kind, _ in tokens:
    counts[kind] = counts.get(kind, 0) + 1
print(len(tokens), counts)
