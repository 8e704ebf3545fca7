# args: b 3 a
import sys


class A:
    def __init__(self, x=0):
        self.x = x

    def show(self):
        return f"{type(self).__name__} {self.x}"

    @classmethod
    def make(cls):
        return cls(7)


class B(A):
    pass


kept = []
for word in sys.argv[1:]:
    kept.append(A if word == "b" else B)
made = [cls.make() for cls in kept]
print([x.show() for x in made], [cls.__name__ for cls in kept])
print(kept[0] is A, kept[1] == A, A in kept, kept.count(B))
print(kept, {cls for cls in kept} == {A, B})
