"""`heapq`: a list as a binary heap, smallest first (Williams, "Algorithm 232: Heapsort", 1964)."""

__all__ = ["heapify", "heappop", "heappush", "heappushpop", "heapreplace", "merge", "nlargest",
           "nsmallest"]  # fmt: skip


def _rise(heap, start, at):
    """Move an item towards the root, as far as its parents are larger."""
    item = heap[at]
    while at > start:
        parent = (at - 1) >> 1
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def _sink(heap, at):
    """Let the smaller children up, all the way down, and the item then rise to its place."""
    end, start = len(heap), at
    item = heap[at]
    child = 2 * at + 1
    while child < end:
        if child + 1 < end and not heap[child] < heap[child + 1]:
            child = child + 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _rise(heap, start, at)


def heappush(heap, item):
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap):
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if heap:
        first = heap[0]
        heap[0] = last
        _sink(heap, 0)
        return first
    return last


def heapreplace(heap, item):
    if not heap:
        raise IndexError("index out of range")
    first = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return first


def heappushpop(heap, item):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x):
    for at in range(len(x) // 2 - 1, -1, -1):
        _sink(x, at)


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[: max(n, 0)]


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[: max(n, 0)]


def merge(*iterables, key=None, reverse=False):
    waiting = [iter(one) for one in iterables]
    heads = []
    for number, one in enumerate(waiting):
        for item in one:
            heads.append((item if key is None else key(item), number, item))
            break
    while heads:
        best = 0
        for at in range(1, len(heads)):
            if (heads[best][0] < heads[at][0]) if reverse else (heads[at][0] < heads[best][0]):
                best = at
        _, number, item = heads[best]
        yield item
        following = next(waiting[number], _END)
        if following is _END:
            heads.pop(best)
        else:
            rank = following if key is None else key(following)
            heads[best] = (rank, number, following)


_END = object()
