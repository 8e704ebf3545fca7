# stdin: circle 2
# stdin: square 3
# stdin: rectangle 2 5
# stdin: triangle 3 4 5
# stdin: ellipse 1 2
# stdin: hexagon 1
# stdin: blob 3
import math
import sys
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @abstractmethod
    def perimeter(self): ...

    def __repr__(self):
        return f"{type(self).__name__}(area={self.area():.2f})"

    def __lt__(self, other):
        return self.area() < other.area()


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r ** 2

    def perimeter(self):
        return 2 * math.pi * self.r


class Rectangle(Shape):
    def __init__(self, w, h):
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h

    def perimeter(self):
        return 2 * (self.w + self.h)


class Square(Rectangle):
    def __init__(self, a):
        super().__init__(a, a)


class Triangle(Shape):
    def __init__(self, a, b, c):
        self.sides = (a, b, c)

    def area(self):
        a, b, c = self.sides
        s = sum(self.sides) / 2
        return math.sqrt(s * (s - a) * (s - b) * (s - c))

    def perimeter(self):
        return sum(self.sides)


class Ellipse(Shape):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def area(self):
        return math.pi * self.a * self.b

    def perimeter(self):
        h = ((self.a - self.b) / (self.a + self.b)) ** 2
        return math.pi * (self.a + self.b) * (1 + 3 * h / (10 + math.sqrt(4 - 3 * h)))


class Hexagon(Shape):
    def __init__(self, a):
        self.a = a

    def area(self):
        return 3 * math.sqrt(3) / 2 * self.a ** 2

    def perimeter(self):
        return 6 * self.a


KINDS = {"circle": Circle, "square": Square, "rectangle": Rectangle, "triangle": Triangle,
         "ellipse": Ellipse, "hexagon": Hexagon}
shapes = []
for line in sys.stdin:
    kind, *numbers = line.split()
    if kind not in KINDS:
        print("unknown shape", kind)
        continue
    shapes.append(KINDS[kind](*[float(x) for x in numbers]))
for shape in shapes:
    print(shape, f"{shape.perimeter():.3f}")
print(sorted(shapes))
print(max(shapes, key=lambda s: s.perimeter()))
print(f"{sum(s.area() for s in shapes):.4f}")
