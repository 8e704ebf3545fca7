# args: 7
import sys


class Named:
    kind = "named"

    def __init__(self, number):
        self.number = number
        self.extra = True

    def shout(self):
        return str(self.number).upper()


class Slotted:
    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


class Silent:
    def __init__(self, number):
        self.id = number


things = []
for i in range(int(sys.argv[1])):
    if i % 3 == 0:
        things.append(Slotted(i))
    elif i % 3 == 1:
        things.append(Named(i))
    else:
        things.append(Silent(i))
for thing in things:
    names = ("number", "extra", "shout", "kind", "__dict__", "__class__", "missing")
    print(*[hasattr(thing, name) for name in names])
mixed = [len(sys.argv), sys.argv[1], things[0], [1]]
mixed.append(things[1])
for value in mixed:
    print(hasattr(value, "append"), hasattr(value, "upper"), hasattr(value, "number"))
