# args: 1 2 0.5 tea 0.2 2 coffee
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Drink:
    name: str
    cents: int


class Machine:
    coins = (200, 100, 50, 20, 10)

    def __init__(self, *drinks):
        self.drinks = {drink.name: drink for drink in drinks}
        self.credit = 0

    def insert(self, cents):
        if cents not in self.coins:
            raise ValueError(f"no such coin: {cents}")
        self.credit += cents

    def buy(self, name):
        drink = self.drinks[name]
        if self.credit < drink.cents:
            raise RuntimeError(f"{drink.cents - self.credit} cents are missing")
        change, self.credit = self.credit - drink.cents, 0
        return [c for c in self.coins for _ in range(0)] or change


machine = Machine(Drink("tea", 150), Drink("coffee", 220))
for word in sys.argv[1:]:
    try:
        if word in machine.drinks:
            print(word, "change", machine.buy(word))
        else:
            machine.insert(round(float(word) * 100))
    except (ValueError, RuntimeError) as error:
        print(type(error).__name__, error)
print("credit", machine.credit)
