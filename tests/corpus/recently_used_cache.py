# args: 3
# stdin: put a 1
# stdin: put b 2
# stdin: get a
# stdin: put c 3
# stdin: put d 4
# stdin: get b
# stdin: get a
# stdin: show
# stdin: bad
# stdin: put x
# stdin: get
import sys
from collections import OrderedDict


class LRUCache:
    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError("capacity must be positive")
        self.capacity = capacity
        self._data = OrderedDict()
        self.hits = self.misses = 0

    def get(self, key, default=None):
        if key not in self._data:
            self.misses += 1
            return default
        self.hits += 1
        self._data.move_to_end(key)
        return self._data[key]

    def put(self, key, value):
        if key in self._data:
            self._data.move_to_end(key)
        self._data[key] = value
        if len(self._data) > self.capacity:
            old, _ = self._data.popitem(last=False)
            return old
        return None

    def __contains__(self, key):
        return key in self._data

    def __len__(self):
        return len(self._data)

    def __repr__(self):
        return "LRU(" + ", ".join(f"{k}={v}" for k, v in self._data.items()) + ")"


cache = LRUCache(int(sys.argv[1]))
for lineno, line in enumerate(sys.stdin, 1):
    parts = line.split()
    try:
        match parts:
            case ["put", key, value]:
                evicted = cache.put(key, int(value))
                if evicted:
                    print("evicted", evicted)
            case ["get", key]:
                print(key, "->", cache.get(key))
            case ["show"]:
                print(cache, len(cache))
            case []:
                continue
            case [cmd, *rest]:
                raise SyntaxError(f"bad command {cmd} with {len(rest)}")
    except SyntaxError as err:
        print(f"line {lineno}: {err}")
print(f"{cache.hits} hits, {cache.misses} misses", "a" in cache)
