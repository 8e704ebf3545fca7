# args: circle:2 rect:3:4 square:5 blob:1
import math
import sys
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self):
        ...

    def describe(self):
        return f"{type(self).__name__} with area {self.area():.2f}"


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Rect(Shape):
    def __init__(self, w, h):
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h


class Square(Rect):
    def __init__(self, a):
        super().__init__(a, a)


MAKERS = {"circle": Circle, "rect": Rect, "square": Square}
shapes = []
for arg in sys.argv[1:]:
    kind, *numbers = arg.split(":")
    numbers = [float(n) for n in numbers]
    if kind not in MAKERS:
        print("unknown shape", kind)
        continue
    shapes.append(MAKERS[kind](*numbers))
for shape in shapes:
    print(shape.describe())
biggest = max(shapes, key=lambda s: s.area())
print(type(biggest).__name__, sum(s.area() for s in shapes))
try:
    Shape()
except TypeError as e:
    print("TypeError")
