# args: cat dog x cat
import sys
class Empty:
    pass
class Marker:
    """No attributes."""
    def hello(self):
        return "hello"
class Cat:
    def speak(self):
        return "meow"
class Dog:
    def speak(self):
        return "woof"
    def __repr__(self):
        return "Dog()"
pets = []
for w in sys.argv[1:]:
    if w == "cat":
        pets.append(Cat())
    elif w == "dog":
        pets.append(Dog())
    else:
        pets.append(Marker())
for p in pets:
    if isinstance(p, Marker):
        print(p.hello())
    else:
        print(p.speak())
ks = {}
for i in range(len(sys.argv)):
    ks[i] = Empty()
print(len(ks), isinstance(ks[0], Empty), ks[0] is ks[0], ks[0] is ks[1], ks[0] == ks[1])
es = []
for i in range(len(sys.argv)):
    es.append(Empty())
print(len(es), es[0] in es, es.index(es[1]), len(set(es)))
ks[1].name = "x"
print(ks[1].name, hasattr(ks[0], "name"))
class Shape:
    sides = 0
    def describe(self):
        return f"{type(self).__name__} with {self.sides} sides"
class Triangle(Shape):
    sides = 3
class Square(Shape):
    sides = 4
shapes = []
for w in sys.argv[1:]:
    shapes.append(Triangle() if w == "cat" else Square() if w == "dog" else Shape())
for s in shapes:
    print(s.describe(), s.sides)
kinds = {"cat": Cat(), "dog": Dog()}
for w in sys.argv[1:]:
    if w in kinds:
        print(kinds[w].speak())
