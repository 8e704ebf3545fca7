# args: abc bcd cde ab
import functools
import heapq
import itertools
import os
import sys

words = sys.argv[1:]
sets = [set(word) for word in words]
lists = [sorted(word) for word in words]
named = dict(zip(words, sets))
counts = [len(word) for word in words]
print(sorted(set().union(*sets)), sorted(set.union(*sets)), sorted(set(words[0]).union(*lists)))
print(set.intersection(*sets), set(words[0]).intersection(*sets[:2]) == set("bc"))
print(sorted(set.intersection(*map(set, words))), sorted(set().union(*named.values())))
print(sorted(frozenset("xyz").union(*sets)), frozenset("b").difference(*sets) == frozenset())
print(list(itertools.chain(*lists)), [*itertools.chain(words, *lists)][:6])
print(len(list(itertools.product(*lists))), list(itertools.product(*lists[2:], repeat=1))[:3])
print(list(itertools.zip_longest(*lists)), [*itertools.zip_longest(*words, fillvalue="-")][-1])
print(list(map(max, *lists)), list(map(lambda *given: len(given), *lists)))
print(list(heapq.merge(*lists)), list(heapq.merge(*lists, reverse=True))[:2])
print(os.path.join(*words), os.path.join("/", *words), str.format("{}{}", *words[:2]))
print(str.join("-", words), str.format(*["{1}{0}", *words]), functools.reduce(set.union, sets) > sets[0])
for a, b in itertools.pairwise(itertools.chain(*lists)):
    if a > b:
        print(a, b, end=" ")
print()
try:
    set.union(*sets[len(words):])
except TypeError as error:
    print(error)
try:
    list(map(lambda a, b: a, *lists))
except TypeError as error:
    print(str(error)[-50:])
