"""Iterators over what the program's own code advances, one item at a time as it is asked for.

The table's are used where the evaluator or the host can step through what they are over; these are
what run time resumes, as it does generators of the program.
"""


def _chain(*iterables):
    for iterable in iterables:
        yield from iterable


def _flat(iterables):
    for iterable in iterables:
        yield from iterable


def _cycle(iterable):
    seen = []
    for item in iterable:
        yield item
        seen.append(item)
    while seen:
        for item in seen:
            yield item


def _pairwise(iterable):
    before, begun = None, False
    for item in iterable:
        if begun:
            yield before, item
        before, begun = item, True


def _batched(iterable, n):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _compress(data, selectors):
    selectors = iter(selectors)
    for item in data:
        try:
            chosen = next(selectors)
        except StopIteration:
            return
        if chosen:
            yield item


def _zip_longest(*iterables, fillvalue=None):
    sources = [iter(iterable) for iterable in iterables]
    ended = [False for _ in sources]
    while True:
        items = []
        for at in range(len(sources)):
            item = fillvalue
            if not ended[at]:
                try:
                    item = next(sources[at])
                except StopIteration:
                    ended[at] = True
            items.append(item)
        if all(ended):
            return
        yield tuple(items)


def _tee(source, seen):
    at = 0
    while True:
        if at == len(seen):
            try:
                item = next(source)
            except StopIteration:
                return
            seen.append(item)
        yield seen[at]
        at += 1


def _map(function, iterable):
    for item in iterable:
        yield function(item)


def _zip(*iterables):
    sources = [iter(iterable) for iterable in iterables]
    while sources:
        items = []
        for source in sources:
            try:
                items.append(next(source))
            except StopIteration:
                return
        yield tuple(items)


def _mapped(function, *iterables):
    for items in _zip(*iterables):
        yield function(*items)


def _filter(function, iterable):
    for item in iterable:
        if (item if function is None else function(item)):
            yield item


def _enumerate(iterable, number):
    for item in iterable:
        yield number, item
        number += 1


def _takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def _dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping:
            dropping = predicate(item)
        if not dropping:
            yield item


def _islice(iterable, start, stop, step):
    at, iterable = 0, iter(iterable)
    while stop is None or at < stop:
        try:
            item = next(iterable)
        except StopIteration:
            return
        if at >= start and (at - start) % step == 0:
            yield item
        at += 1


def _groupby(iterable, key):
    iterator = iter(iterable)
    exhausted = False

    def grouper(target):
        nonlocal current, current_key, exhausted
        yield current
        for current in iterator:
            current_key = current if key is None else key(current)
            if current_key != target:
                return
            yield current
        exhausted = True

    try:
        current = next(iterator)
    except StopIteration:
        return
    current_key = current if key is None else key(current)
    while not exhausted:
        target = current_key
        group = grouper(target)
        yield current_key, group
        if current_key == target:
            for _ in group:
                pass
