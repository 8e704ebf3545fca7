"""What the host does with containers, where the items have methods of the program for it.

In: a list of run time, how many items it has. Out: positions in it, or a text. The one idea: for an
order, positions are ints, so whatever the items are, only a list of ints changes.
"""


def order_by_comparing(items, count, reverse):
    """The positions in the order that sorted() gives: a merge sort, from the bottom up."""
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
                        if a < b:
                            first = False
                    elif b < a:
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


def text_with_instances(pieces, instances, count, shown, text):
    """The text of a container: the pieces between the texts of the instances in it."""
    whole = text(pieces[0])
    for at in range(count):
        whole = whole + shown(instances[at]) + text(pieces[at + 1])
    return whole
