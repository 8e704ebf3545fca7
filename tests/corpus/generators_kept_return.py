# args: ab c
import sys
def count(n):
    total = 0
    for i in range(n):
        total += i
        yield i
    return total
def echo(words):
    for w in words: yield w.upper()
gens = []
for i, w in enumerate(sys.argv[1:]):
    gens.append(count(len(w)))
    gens.append(echo(w))
gens.append(iter([1]))
for g in gens:
    try:
        while True:
            print(next(g))
    except StopIteration as e:
        print("end", e.value, e.args)
