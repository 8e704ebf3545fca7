# args: 30 'The quick brown fox jumps over the lazy dog and runs away from the big bad wolf'
import sys
import textwrap


def wrap(text, width):
    lines, line = [], []
    length = 0
    for word in text.split():
        if line and length + len(line) + len(word) > width:
            lines.append(" ".join(line))
            line, length = [], 0
        line.append(word)
        length += len(word)
    if line:
        lines.append(" ".join(line))
    return lines


def justify(line, width):
    words = line.split(" ")
    if len(words) == 1:
        return line.ljust(width)
    gaps = len(words) - 1
    spaces = width - sum(len(w) for w in words)
    q, r = divmod(spaces, gaps)
    out = ""
    for i, w in enumerate(words[:-1]):
        out += w + " " * (q + (i < r))
    return out + words[-1]


width, text = int(sys.argv[1]), sys.argv[2]
print("+" + "-" * width + "+")
for line in wrap(text, width):
    print("|" + justify(line, width) + "|")
print("+" + "=" * width + "+")
for line in wrap(text, width):
    print(f"|{line:^{width}}|")
print(repr(textwrap.shorten("fixed text that is long", 12)))
