# stdin: fruit apple 3 0.5
# stdin: fruit pear 2 0.75
# stdin: tools hammer 1 12
# stdin: fruit apple 4 0.6
import sys

inventory = {}
for line in sys.stdin:
    category, name, count, price = line.split()
    shelf = inventory.setdefault(category, {})
    item = shelf.setdefault(name, {"count": 0, "prices": []})
    item["count"] += int(count)
    item["prices"].append(float(price))
for category, shelf in inventory.items():
    total = 0
    for name, item in shelf.items():
        average = sum(item["prices"]) / len(item["prices"])
        total += item["count"] * average
        print(f"{category:>8} {name:<8} {item['count']:3d} {average:.3f}")
    print(category, f"{total:.2f}")
print(inventory)
best = max(((c, n, i["count"]) for c, s in inventory.items() for n, i in s.items()),
           key=lambda t: t[2])
print(best)
inventory["fruit"]["pear"]["count"] -= 1
del inventory["tools"]
print(inventory, len(inventory["fruit"]))
merged = {**inventory.get("fruit", {}), "extra": []}
print(list(merged), sum(len(v["prices"]) for v in inventory["fruit"].values()))
