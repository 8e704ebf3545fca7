# args: 24
# stdin: Beautiful is better than ugly. Explicit is better than implicit.
# stdin: Simple is better than complex.
import sys

width = int(sys.argv[1])
line = ""
for text in sys.stdin.read().split():
    if line and len(line) + 1 + len(text) > width:
        print(line)
        line = text
    else:
        line = f"{line} {text}" if line else text
print(line)
print("-" * width)
