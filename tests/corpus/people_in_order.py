# args: bob:25 al:30 cy:25
import sys
from dataclasses import dataclass, field, asdict, replace


@dataclass(order=True)
class Person:
    age: int
    name: str = field(compare=True)
    tags: list = field(default_factory=list, compare=False)

    @property
    def initial(self):
        return self.name[0].upper()


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0

    def dist(self):
        return (self.x**2 + self.y**2) ** 0.5


people = []
for arg in sys.argv[1:]:
    name, age = arg.split(":")
    people.append(Person(int(age), name))
people.sort()
for p in people:
    p.tags.append(p.initial)
    print(p)
print(max(people).name, people[0] < people[1], people[0] == Person(25, "bob"))
print(people)
p = Point(float(people[0].age), 4.0)
print(p, round(p.dist(), 4), replace(p, x=3.0).dist())
try:
    p.x = 1.0
except AttributeError as e:
    print(type(e).__name__, e)
