# stdin: add apple 3 1.25
# stdin: add pear 2 0.5
# stdin: remove apple 1
# stdin: remove fig 1
# stdin: remove pear 9
# stdin: report
import sys


class Item:
    def __init__(self, name, qty, price):
        self.name, self.qty, self.price = name, qty, price

    @property
    def value(self):
        return self.qty * self.price

    def __lt__(self, other):
        return self.value < other.value

    def __repr__(self):
        return f"Item({self.name}, {self.qty})"


class OutOfStock(Exception):
    pass


inventory = {}


def add(name, qty, price):
    if name in inventory:
        inventory[name].qty += qty
    else:
        inventory[name] = Item(name, qty, price)


def remove(name, qty):
    item = inventory[name]
    if item.qty < qty:
        raise OutOfStock(f"only {item.qty} of {name}")
    item.qty -= qty


for line in sys.stdin:
    command, *args = line.split()
    try:
        match command:
            case "add":
                add(args[0], int(args[1]), float(args[2]))
            case "remove":
                remove(args[0], int(args[1]))
            case "report":
                for item in sorted(inventory.values()):
                    print(f"{item.name:8}{item.qty:4d}{item.value:8.2f}")
            case other:
                print("unknown", other)
    except KeyError as e:
        print("no such item", e)
    except OutOfStock as e:
        print("out of stock:", e)
print(inventory)
print(sum(item.value for item in inventory.values()))
