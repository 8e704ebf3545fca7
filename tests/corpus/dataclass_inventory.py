# args: 5
import sys
from dataclasses import dataclass, field


@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    quantity: int = field(default=1, compare=False)

    @property
    def total(self):
        return self.price * self.quantity


@dataclass
class Inventory:
    items: list = field(default_factory=list)

    def add(self, item):
        self.items.append(item)
        return self

    def value(self):
        return sum(item.total for item in self.items)


count = int(sys.argv[1])
stock = Inventory().add(Item(2.5, "pen", count)).add(Item(12.0, "book")).add(Item(0.1, "clip", 100))
for item in sorted(stock.items):
    print(f"{item.name:<6} {item.price:6.2f} x {item.quantity:<4} = {item.total:7.2f}")
print("value", stock.value())
print(stock.items[1], stock.items[0] < stock.items[1])
