"""What the host does with containers, where the items have methods of the program for it.

In: a list of run time, how many items it has. Out: positions in it, or a text, or the list as a
heap (`heapq`, in the order in which CPython compares). The one idea: for an order, positions are
ints, so whatever the items are, only a list of ints changes.
"""


def order_by_comparing(items, count, reverse):
    """The positions in the order that sorted() gives."""
    return order_by(items, count, reverse, lambda a, b: a < b)


def order_by(items, count, reverse, less):
    """The positions in the order that a comparison gives: a merge sort, from the bottom up."""
    order = list(range(count))
    width = 1
    while width < count:
        merged = order.copy()
        start = 0
        while start < count:
            middle = start + width if start + width < count else count
            end = start + 2 * width if start + 2 * width < count else count
            left, right = start, middle
            for at in range(start, end):
                first = right >= end
                if right < end and left < middle:
                    a, b = items[order[left]], items[order[right]]
                    first = True
                    if reverse:
                        if less(a, b):
                            first = False
                    elif less(b, a):
                        first = False
                if first:
                    merged[at] = order[left]
                    left = left + 1
                else:
                    merged[at] = order[right]
                    right = right + 1
            start = end
        order = merged
        width = 2 * width
    return order


def merged(lists, key, reverse, result):
    """What heapq.merge() gives of these lists, in a list of the run."""
    heads = [0 for _ in lists]
    while True:
        best, least = -1, None
        for at, items in enumerate(lists):
            if heads[at] < len(items):
                item = items[heads[at]]
                by = item if key is None else key(item)
                if best < 0 or (least < by if reverse else by < least):
                    best, least = at, by
        if best < 0:
            return result
        for at, items in enumerate(lists):
            if at == best:
                result.append(items[heads[at]])
                heads[at] = heads[at] + 1


def extreme_by_comparing(items, count, greatest):
    """The position of the first item that is least, or greatest."""
    best = 0
    for at in range(1, count):
        if greatest:
            if items[at] > items[best]:
                best = at
        elif items[at] < items[best]:
            best = at
    return best


def extreme_by(items, count, greatest, less):
    """The same by a comparison of the program's."""
    if count == 0:
        raise ValueError(f"{'max' if greatest else 'min'}() iterable argument is empty")
    best = 0
    for at in range(1, count):
        if greatest:
            if less(items[best], items[at]):
                best = at
        elif less(items[at], items[best]):
            best = at
    return best


def place_of(items, item):
    """The first place of an item, or of one equal to it; -1 where there is none."""
    for at in range(len(items)):
        if items[at] is item or items[at] == item:
            return at
    return -1


def index_by_comparing(items, item):
    at = place_of(items, item)
    if at < 0:
        raise ValueError(f"{item!r} is not in list")
    return at


def count_by_comparing(items, item):
    found = 0
    for at in range(len(items)):
        if items[at] is item or items[at] == item:
            found = found + 1
    return found


def remove_by_comparing(items, item):
    at = place_of(items, item)
    if at < 0:
        raise ValueError("list.remove(x): x not in list")
    items.pop(at)


def towards_root(heap, top, at, item):
    """Put an item where it belongs between a place of a heap and one above it, such as the root."""
    while at > top:
        above = (at - 1) // 2
        if not item < heap[above]:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item


def towards_leaves(heap, top, item):
    """Put an item below a free place: all the way down along the lesser children, then up again."""
    at, count = top, len(heap)
    below = 2 * at + 1
    while below < count:
        if below + 1 < count and not heap[below] < heap[below + 1]:
            below = below + 1
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    towards_root(heap, top, at, item)


def heappush_by_comparing(heap, item):
    heap.append(item)
    towards_root(heap, 0, len(heap) - 1, item)


def heappop_by_comparing(heap):
    last = heap.pop()
    if len(heap) == 0:
        return last
    first = heap[0]
    towards_leaves(heap, 0, last)
    return first


def heapreplace_by_comparing(heap, item):
    first = heap[0]
    towards_leaves(heap, 0, item)
    return first


def heappushpop_by_comparing(heap, item):
    if len(heap) > 0 and heap[0] < item:
        first = heap[0]
        towards_leaves(heap, 0, item)
        return first
    return item


def heapify_by_comparing(heap):
    half = len(heap) // 2
    for back in range(half):
        top = half - 1 - back
        towards_leaves(heap, top, heap[top])


def text_with_instances(pieces, instances, count, shown, text):
    """The text of a container: the pieces between the texts of the instances in it."""
    whole = text(pieces[0])
    for at in range(count):
        whole = whole + shown(instances[at]) + text(pieces[at + 1])
    return whole


def answers(token, told, kinds):
    """What the host's containers ask of the program's classes, one question after the other.

    told: what answers questions of each kind, of so many.
    """
    while token % kinds != 0:
        for kind, tell in enumerate(told):
            if token % kinds == kind + 1:
                token = tell(token)


def extreme_of_items(items, greatest, key):
    """max(items, key=key), or min of them: the first that no other is better than."""
    if key is None and items.dtype == bool and items.ndim == 1:
        return any(items) if greatest else all(items)
    best = items[0]
    rank = best if key is None else key(best)
    for i in range(1, len(items)):
        item = items[i]
        own = item if key is None else key(item)
        if own > rank if greatest else own < rank:
            best, rank = item, own
    return best


def extreme_of_floats(items, greatest):
    """max(items), or min of them: the first that no other is better than, which no NaN is, and
    than which none is where it is the first."""
    best = items[0]
    for i in range(1, len(items)):
        if items[i] > best if greatest else items[i] < best:
            best = items[i]
    return best


def sum_of_items(items, start):
    """sum(items, start), whose items have no end that is known now."""
    total = start
    for item in items:
        total = total + item
    return total


def sum_of_floats(items, start):
    """sum(items, start) of one item or more, floats all of them."""
    total = start + items[0]
    for i in range(1, len(items)):
        total = total + items[i]
    return total


def compensated_sum(items, start):
    """sum(items, start) of one item or more, floats among them, as Python adds them from 3.12 on:
    what the additions of floats lose is added at the end, after A. Neumaier."""
    total = start + items[0]
    lost = lost_by_adding(start, items[0], total)
    for i in range(1, len(items)):
        before = total
        total = before + items[i]
        lost = lost + lost_by_adding(before, items[i], total)
    if lost != 0.0 and lost - lost == 0.0:
        total = total + lost
    return total


def lost_by_adding(a, b, total):
    if not isinstance(a, float) or not isinstance(b, float):
        return 0.0
    return (a - total) + b if abs(a) >= abs(b) else (b - total) + a
