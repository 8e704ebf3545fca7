# args: p,ann,30 i,book,2.5 p,bob,-4 i,x,-1
import sys
class TypedField:
    def __init__(self, kind, minimum=None):
        self.kind, self.minimum = kind, minimum
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return getattr(obj, self.name, None)
    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]}: expected {self.kind.__name__}, got {type(value).__name__}")
        if self.minimum is not None and value < self.minimum:
            raise ValueError(f"{self.name[1:]} below {self.minimum}")
        setattr(obj, self.name, value)

class Meta(type):
    registry = {}
    def __new__(mcls, name, bases, ns):
        cls = super().__new__(mcls, name, bases, ns)
        cls.fields = [k for k, v in ns.items() if isinstance(v, TypedField)]
        mcls.registry[name] = cls
        return cls

class Model(metaclass=Meta):
    def __init__(self, **kw):
        for k in self.fields:
            setattr(self, k, kw.get(k))
    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={getattr(self, k)!r}' for k in self.fields)})"

class Person(Model):
    name = TypedField(str)
    age = TypedField(int, 0)

class Item(Model):
    title = TypedField(str)
    price = TypedField(float, 0.0)

objs = []
for spec in sys.argv[1:]:
    kind, a, b = spec.split(",")
    try:
        if kind == "p":
            objs.append(Person(name=a, age=int(b)))
        else:
            objs.append(Item(title=a, price=float(b)))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(objs)
print(sorted(Meta.registry), Person.fields)
for o in objs:
    if isinstance(o, Person):
        o.age += 1
        print(o.name, o.age)
