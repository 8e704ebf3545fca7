# args: 5 3 8 10
import sys, heapq
xs = sorted(int(a) for a in sys.argv[1:])
ws = sorted(sys.argv[1:])
print(list(heapq.merge(xs, [2, 5], range(len(xs)))), *heapq.merge(ws, ["3x"], key=len))
for v in heapq.merge(reversed(xs), [9, 4], reverse=True):
    print(v, end=" ")
print(list(heapq.merge(sys.argv[1:], ws)), next(heapq.merge(xs, xs), None))
print(list(heapq.merge([(x, str(x)) for x in xs], [(4, "a")], key=lambda t: t[0])))


def shown(record):
    match record:
        case {"type": "point", "x": x, **more}:
            return f"point {x} {sorted(more)}"
        case {"type": kind, **more} if more:
            return f"{kind} {more}"
        case {**all_of_it}:
            return f"only {all_of_it}"


records = [{"type": "point", "x": len(xs), "y": 2}, {"type": "t"}]
for word in ws:
    records.append({"type": word, word: len(word)})
for record in records:
    print(shown(record), record)
