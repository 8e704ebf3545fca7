# stdin:add saw 12.5 3
# stdin:add apple 0.25 100 food red sweet
# stdin:take apple 30
# stdin:take saw 5
# stdin:take lamp 1
# stdin:fly away
# stdin:
# stdin:add saw 12.5 4
# stdin:show
# stdin:add dune 9.99 1 book
# stdin:show
# stdin:exit
# stdin:add x 1 1
"""Inventory with dataclasses, enum, match, and custom exceptions."""
from __future__ import annotations
import sys
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Optional

class Kind(Enum):
    TOOL = auto()
    FOOD = auto()
    BOOK = auto()

class StockError(Exception):
    def __init__(self, item: str, wanted: int, there: int):
        super().__init__(f"only {there} of {item}, {wanted} wanted")
        self.item = item
        self.missing = wanted - there

@dataclass(order=True)
class Item:
    name: str
    price: float = field(compare=False)
    count: int = field(default=0, compare=False)
    kind: Kind = field(default=Kind.TOOL, compare=False)
    tags: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def worth(self) -> float:
        return self.price * self.count

class Inventory:
    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self.log: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def __getitem__(self, name: str) -> Item:
        return self._items[name]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self):
        return iter(sorted(self._items.values()))

    def add(self, name: str, price: float, count: int, kind: Kind = Kind.TOOL, *tags: str) -> None:
        if name in self:
            self[name].count += count
        else:
            self._items[name] = Item(name, price, count, kind, list(tags))
        self.log.append(f"+{count} {name}")

    def take(self, name: str, count: int) -> Item:
        item = self[name]
        if item.count < count:
            raise StockError(name, count, item.count)
        item.count -= count
        self.log.append(f"-{count} {name}")
        return item

def run(commands: list[str]) -> Optional[Inventory]:
    inventory = Inventory()
    for command in commands:
        match command.split():
            case ["add", name, price, count]:
                inventory.add(name, float(price), int(count))
            case ["add", name, price, count, kind, *tags]:
                inventory.add(name, float(price), int(count), Kind[kind.upper()], *tags)
            case ["take", name, count]:
                try:
                    item = inventory.take(name, int(count))
                except KeyError as missing:
                    print(f"no such item: {missing}")
                except StockError as short:
                    print(f"{short} (missing {short.missing})")
                else:
                    print(f"took {count} {item.name}, {item.count} left")
            case ["show"]:
                for item in inventory:
                    print(item, f"{item.worth:.2f}", ",".join(item.tags) or "-")
            case ["quit" | "exit"]:
                return inventory
            case []:
                continue
            case [other, *_]:
                print(f"unknown command {other!r}")
    return None

done = run([line.strip() for line in sys.stdin])
print("left early" if done else "to the end", len(done.log) if done else 0)
