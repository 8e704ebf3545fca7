"""Sorting and grouping records by keys."""

people = []
for i in range(5000):
    people.append({"name": f"p{i * 7919 % 5000:04}", "age": i * 31 % 90, "tags": (i % 3, i % 7)})
by_age = sorted(people, key=lambda p: (p["age"], p["name"]))
people.sort(key=lambda p: p["name"], reverse=True)
oldest = max(people, key=lambda p: p["age"])
groups = {}
for person in by_age:
    groups.setdefault(person["tags"], []).append(person["name"])
order = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
ranks = {person["name"]: rank for rank, person in enumerate(by_age)}
names = list(map(lambda p: p["name"].upper(), filter(lambda p: p["age"] > 40, people)))  # noqa: C417
print(oldest["name"], order[0][0], ranks["p0042"], len(names), names[:2])
