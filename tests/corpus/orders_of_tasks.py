# args: d:b,c b:a c:a e:d
import sys
from graphlib import CycleError, TopologicalSorter

graph = {}
for word in sys.argv[1:]:
    node, before = word.split(":")
    graph[node] = before.split(",")
print(list(TopologicalSorter(graph).static_order()))
sorter = TopologicalSorter()
for word in sys.argv[1:]:
    node, before = word.split(":")
    for b in before.split(","):
        sorter.add(node, b)
sorter.prepare()
while sorter.is_active():
    group = sorter.get_ready()
    print(sorted(group))
    for node in group:
        sorter.done(node)
graph["a"] = ["e"]
try:
    print(list(TopologicalSorter(graph).static_order()))
except CycleError as error:
    print(error.args)
