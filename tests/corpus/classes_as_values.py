# args: circle 2 square 3 blob 1 circle 1
import sys
from functools import partial


class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        return 0.0

    def describe(self):
        return f"{type(self).__name__} of area {self.area():.2f}"

    @classmethod
    def unit(cls):
        return cls(1)


class Circle(Shape):
    def area(self):
        return 3.14159 * self.size ** 2


class Square(Shape):
    def area(self):
        return float(self.size ** 2)


KINDS = {"circle": Circle, "square": Square}
shapes = []
for i in range(1, len(sys.argv), 2):
    cls = KINDS.get(sys.argv[i], Shape)
    shapes.append(cls(int(sys.argv[i + 1])))
for s in shapes:
    print(s.describe())
makers = {"circle": Circle.unit, "square": Square.unit, "blob": partial(Shape, 9)}
for word in sys.argv[1::2]:
    print(word, makers[word]().describe())
counts = {}
for s in shapes:
    counts[type(s)] = counts.get(type(s), 0) + 1
for cls, k in counts.items():
    print(cls.__name__, k)
converters = [int, float, str, bool]
print([f(sys.argv[2]) for f in converters])
names = {Circle: "round", Square: "boxy"}
print([names.get(type(s), "odd") for s in shapes])
