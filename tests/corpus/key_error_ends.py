# args: apple pear kiwi
import sys

prices = {"apple": 1.2, "pear": 0.8}
total = 0.0
for name in sys.argv[1:]:
    total += prices[name]
    print(f"{name} {total:.2f}")
