# args: al bobby
import sys

class Money(float):
    def __new__(cls, text):
        return super().__new__(cls, text.strip("$"))
    def __str__(self):
        return f"${float(self):.2f}"
    def __add__(self, other):
        return Money(str(float(self) + float(other)))

class Name(str):
    def __new__(cls, s):
        return super().__new__(cls, s.title())
    def initials(self):
        return "".join(p[0] for p in self.split())
    def __add__(self, o):
        return Name(str(self) + " " + str(o))

class Pos(int):
    def __new__(cls, v):
        if int(v) < 0:
            raise ValueError("negative")
        return super().__new__(cls, v)
    def __repr__(self):
        return f"Pos({int(self)})"
    def double(self):
        return Pos(self * 2)

class Pt(tuple):
    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))
    @property
    def x(self):
        return self[0]
    @property
    def y(self):
        return self[1]
    def __add__(self, o):
        return Pt(self.x + o.x, self.y + o.y)

class Tags(set):
    def add(self, x):
        super().add(x.lower())
        return self
    def text(self):
        return "|".join(sorted(self))

names, monies, poss, pts, tags = [], [], [], [], []
for a in sys.argv[1:]:
    names.append(Name(a + " smith"))
    monies.append(Money("$" + str(len(a)) + ".5"))
    try:
        poss.append(Pos(len(a) - 3))
    except ValueError as e:
        print("err", e)
    pts.append(Pt(len(a), 1))
    t = Tags()
    t.add(a).add(a.upper()).add("X")
    tags.append(t)
for n in names:
    print(n, n.initials(), len(n), n.upper(), n + "jr", type(n + "x").__name__)
total = Money("0")
for m in monies:
    total = total + m
    print(m, total, m * 2, float(m), round(m))
print(poss)
for p in poss:
    print(p, p + 1, p.double(), [p], hash(p) == hash(int(p)), p == int(p))
s = Pt(0, 0)
for p in pts:
    s = s + p
    print(p, p.x, p.y, s, s == (1, 2), len(p))
for t in tags:
    print(t.text(), len(t), "x" in t)
