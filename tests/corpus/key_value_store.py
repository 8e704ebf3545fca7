# stdin: set a 1
# stdin: set b 22
# stdin: get a
# stdin: del a
# stdin: get a
# stdin: sum
# stdin: frob
import sys

store = {}
for number, line in enumerate(sys.stdin, 1):
    parts = line.strip().split(" ")
    if parts[0] == "set":
        store[parts[1]] = int(parts[2])
    elif parts[0] == "get":
        print(store.get(parts[1], "nothing"))
    elif parts[0] == "del":
        del store[parts[1]]
    elif parts[0] == "sum":
        print(sum(store.values()))
    else:
        print(f"line {number}: what is {parts[0]!r}?", file=sys.stderr)
        sys.exit(2)
