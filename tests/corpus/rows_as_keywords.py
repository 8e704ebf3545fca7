# stdin: name,age,city
# stdin: Ann,30,Rome
# stdin: Bob,25,Paris
# stdin: Cy,x,Oslo
# stdin: Di,41,Rome
import sys


def parse(lines):
    header = next(lines).strip().split(",")
    for number, line in enumerate(lines, start=2):
        cells = line.rstrip("\n").split(",")
        if len(cells) != len(header):
            raise ValueError(f"line {number}: {len(cells)} cells")
        yield dict(zip(header, cells))


people, errors = [], []
for row in parse(iter(sys.stdin)):
    try:
        row["age"] = int(row["age"])
    except ValueError as e:
        errors.append(f"{row['name']}: {e}")
        continue
    people.append(row)

if not people:
    print("nobody")
    raise SystemExit(1)
people.sort(key=lambda p: (p["city"], -p["age"]))
by_city = {}
for p in people:
    by_city.setdefault(p["city"], []).append(p["name"])
print(f"{'name':<8}{'age':>4}  city")
for p in people:
    print("{name:<8}{age:>4}  {city}".format(**p))
for city, names in by_city.items():
    print(city, "&".join(names))
print("average %.2f" % (sum(p["age"] for p in people) / len(people)))
for e in errors:
    print("skipped", e)
