# stdin: add apple 5 1.5
# stdin: add pear 2
# stdin: # c
# stdin: rm apple 7
# stdin: rm apple 2
# stdin: tag apple red
# stdin: tag kiwi x
# stdin: add apple x
# stdin: foo
# stdin: rm pear 2
# stdin: add fig 3 2.25
import sys
from dataclasses import dataclass, field
from abc import ABC, abstractmethod
class InsufficientStock(Exception):
    pass
@dataclass
class Item:
    name: str
    qty: int
    price: float
    tags: list = field(default_factory=list)
    @property
    def total(self): return self.qty * self.price
class Event(ABC):
    @abstractmethod
    def apply(self, inv): ...
@dataclass
class Add(Event):
    name: str
    qty: int
    price: float = 1.0
    def apply(self, inv):
        item = inv.items.get(self.name)
        if item is None:
            inv.items[self.name] = Item(self.name, self.qty, self.price)
        else:
            item.qty += self.qty
@dataclass
class Remove(Event):
    name: str
    qty: int
    def apply(self, inv):
        item = inv.items.get(self.name)
        if item is None or item.qty < self.qty:
            raise InsufficientStock(f"{self.name}: {item.qty if item else 0} < {self.qty}")
        item.qty -= self.qty
        if item.qty == 0:
            del inv.items[self.name]
@dataclass
class Tag(Event):
    name: str
    tag: str
    def apply(self, inv):
        inv.items[self.name].tags.append(self.tag)
class Inventory:
    def __init__(self):
        self.items = {}
        self.history = []
        self.listeners = []
    def on(self, f):
        self.listeners.append(f)
        return f
    def apply(self, ev):
        try:
            ev.apply(self)
        except (InsufficientStock, KeyError) as e:
            print("failed:", type(ev).__name__, e)
            return False
        self.history.append(ev)
        for f in self.listeners:
            f(ev)
        return True
    def report(self):
        for name in sorted(self.items):
            it = self.items[name]
            print(f"{it.name:<10}{it.qty:>5}{it.price:>8.2f}{it.total:>10.2f} {','.join(it.tags)}")
        print("total", round(sum(i.total for i in self.items.values()), 2))
def parse(line):
    cmd, *rest = line.split()
    match cmd, rest:
        case "add", [name, qty, price]:
            return Add(name, int(qty), float(price))
        case "add", [name, qty]:
            return Add(name, int(qty))
        case "rm", [name, qty]:
            return Remove(name, int(qty))
        case "tag", [name, tag]:
            return Tag(name, tag)
        case _:
            raise ValueError(f"bad command: {line}")
inv = Inventory()
counts = {}
@inv.on
def count(ev):
    counts[type(ev).__name__] = counts.get(type(ev).__name__, 0) + 1
inv.on(lambda ev: print("ok", ev))
for line in sys.stdin:
    line = line.strip()
    if not line or line.startswith("#"): continue
    try:
        inv.apply(parse(line))
    except ValueError as e:
        print("error:", e)
inv.report()
print(sorted(counts.items()), len(inv.history))
