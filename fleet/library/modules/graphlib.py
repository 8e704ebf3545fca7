"""`graphlib`: what comes before what (Kahn, "Topological sorting of large networks", CACM 1962).

In: nodes and their predecessors. Out: the nodes in groups, each after its predecessors, in the
order of CPython's. The one idea: a node is ready when no predecessor of it is left.
"""

_OUT, _DONE = -1, -2
"""What is counted of a node that has been given out, and of one that is done."""


class CycleError(ValueError):
    """The nodes of a cycle, each before the next, are the second argument."""


class TopologicalSorter:
    def __init__(self, graph=None):
        self._left = {}
        self._after = {}
        self._ready = None
        self._given = 0
        self._finished = 0
        if graph is not None:
            for node, predecessors in graph.items():
                self.add(node, *predecessors)

    def add(self, node, *predecessors):
        if self._ready is not None:
            raise ValueError("Nodes cannot be added after a call to prepare()")
        self._know(node)
        self._left[node] += len(predecessors)
        for one in predecessors:
            self._know(one)
            self._after[one].append(node)

    def _know(self, node):
        if node not in self._left:
            self._left[node] = 0
            self._after[node] = []

    def prepare(self):
        if self._ready is not None:
            raise ValueError("cannot prepare() more than once")
        self._ready = [node for node, left in self._left.items() if left == 0]
        cycle = self._cycle()
        if cycle is not None:
            raise CycleError("nodes are in a cycle", cycle)

    def get_ready(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        found = tuple(self._ready)
        for node in found:
            self._left[node] = _OUT
        self._ready.clear()
        self._given += len(found)
        return found

    def is_active(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        return self._finished < self._given or bool(self._ready)

    def __bool__(self):
        return self.is_active()

    def done(self, *nodes):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        for node in nodes:
            if node not in self._left:
                raise ValueError(f"node {node!r} was not added using add()")
            if self._left[node] >= 0:
                raise ValueError(f"node {node!r} was not passed out (still not ready)")
            if self._left[node] == _DONE:
                raise ValueError(f"node {node!r} was already marked done")
            self._left[node] = _DONE
            for one in self._after[node]:
                self._left[one] -= 1
                if self._left[one] == 0:
                    self._ready.append(one)
            self._finished += 1

    def _cycle(self):
        """The nodes of a cycle, the first once more at the end; depth first, as CPython goes."""
        seen = set()
        for first in self._left:
            if first in seen:
                continue
            path, places, tried = [first], {first: 0}, [0]
            seen.add(first)
            while path:
                node = path[-1]
                if tried[-1] == len(self._after[node]):
                    del places[path.pop()]
                    tried.pop()
                    continue
                following = self._after[node][tried[-1]]
                tried[-1] += 1
                if following in places:
                    return path[places[following] :] + [following]
                if following not in seen:
                    seen.add(following)
                    places[following] = len(path)
                    path.append(following)
                    tried.append(0)
        return None

    def static_order(self):
        self.prepare()
        while self.is_active():
            group = self.get_ready()
            yield from group
            self.done(*group)
