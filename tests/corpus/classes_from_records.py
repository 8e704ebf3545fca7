# stdin: {"type": "tool", "name": "saw", "price": 12.5}
# stdin: {"type": "food", "name": "rice", "price": 2, "qty": 10}
# stdin: {"type": "book", "name": "sicp", "price": 40.0, "qty": 3}
# stdin: {"type": "car", "name": "x", "price": 1}
# stdin: {"type": "book", "name": "ants", "price": 15, "qty": 1}
import json, sys
from abc import ABC, abstractmethod
from enum import Enum, auto
class Kind(Enum):
    TOOL = auto(); FOOD = auto(); BOOK = auto()
class Item(ABC):
    tax = 0.2
    def __init__(self, name, price, qty=1):
        self.name, self.price, self.qty = name, price, qty
    @property
    @abstractmethod
    def kind(self): ...
    def total(self):
        return round(self.price * self.qty * (1 + self.tax), 2)
    def __repr__(self):
        return f"{type(self).__name__}({self.name!r}, {self.price}, qty={self.qty})"
    def __lt__(self, other):
        return (self.kind.value, self.name) < (other.kind.value, other.name)
class Tool(Item):
    @property
    def kind(self): return Kind.TOOL
class Food(Item):
    tax = 0.05
    @property
    def kind(self): return Kind.FOOD
class Book(Item):
    tax = 0
    @property
    def kind(self): return Kind.BOOK
    def total(self):
        base = super().total()
        return base * 0.9 if self.qty >= 3 else base
CLASSES = {c.__name__.lower(): c for c in (Tool, Food, Book)}
stock = []
for line in sys.stdin:
    if not line.strip(): continue
    rec = json.loads(line)
    cls = CLASSES.get(rec.pop("type"))
    if cls is None:
        print("unknown type", rec); continue
    stock.append(cls(**rec))
for item in sorted(stock):
    print(item, item.kind.name, item.total())
by = {}
for item in stock:
    by.setdefault(item.kind, []).append(item.total())
print({k.name: round(sum(v), 2) for k, v in sorted(by.items(), key=lambda kv: kv[0].value)})
print(json.dumps({"items": len(stock), "total": sum(i.total() for i in stock)}, indent=1))
