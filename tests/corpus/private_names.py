# args: ann:10 bob:2.5
import sys
from dataclasses import dataclass
class Account:
    __count = 0
    __slots__ = ("__owner", "__balance")
    def __init__(self, owner, balance=0.0):
        self.__owner = owner; self.__balance = balance
        Account.__count += 1
    @property
    def balance(self): return self.__balance
    @balance.setter
    def balance(self, v):
        if v < 0: raise ValueError("negative")
        self.__balance = v
    @classmethod
    def count(cls): return cls.__count
    def __log(self, t): return f"{self.__owner}: {t}"
    def deposit(self, x): self.__balance += x; return self.__log(f"+{x}")
accts = []
for a in sys.argv[1:]:
    n, _, b = a.partition(":")
    acc = Account(n, float(b)); accts.append(acc)
    print(acc.deposit(5), acc.balance, acc._Account__owner)
accts[0].balance = 3
try: accts[0].balance = -1
except ValueError as e: print(e)
try: print(accts[0].__balance)
except AttributeError as e: print(e)
print(Account.count(), Account._Account__count, [x._Account__balance for x in accts])
class Stack:
    def __init__(self): self.__items = []
    def push(self, x): self.__items.append(x); return self
    def pop(self): return self.__items.pop()
    def __len__(self): return len(self.__items)
    def each(self): return [self.__f(i) for i in self.__items]
    @staticmethod
    def __f(i): return i * 2
class Named(Stack):
    def __init__(self, name): super().__init__(); self.__name = name; self.__items = "mine"
    def show(self): return self.__name, self.__items, len(self)
s = Named("s")
for a in sys.argv[1:]: s.push(len(a))
print(s.show(), s.pop(), s.each(), sorted(vars(s)))
@dataclass
class P:
    __x: int = 3
    y: int = 4
    def total(self): return self.__x + self.y
print(P(len(sys.argv)).total(), P())
class _Under:
    def __init__(self): self.__v = 1
    def get(self): return self.__v
print(_Under().get(), vars(_Under()), getattr(s, "_Stack__items"), hasattr(s, "__items"))
class Singleton:
    __instance = None
    def __new__(cls, *a):
        if cls.__instance is None: cls.__instance = super().__new__(cls)
        return cls.__instance
print(Singleton() is Singleton())
class Node:
    class __Inner:
        def __init__(self, v): self.__v = v
        def get(self): return self.__v
    def make(self, v): return self.__Inner(v).get()
print(Node().make(len(sys.argv)))
class A:
    def __init__(self): self.__v = len(sys.argv)
    def a(self): return self.__v, self.__m()
    def __m(self): return "A.m"
class B(A):
    def __init__(self):
        super().__init__(); self.__v = 20
    def b(self): return self.__v, self.__m()
    def __m(self): return "B.m"
b = B()
print(b.a(), b.b())
class K:
    __limit = 3
    def __init__(self): self.__x = len(sys.argv)
    def __secret(self): return self.__x + self.__limit
    def show(self): return self.__secret()
    class __Inner: pass
    @property
    def __p(self): return 5
    def q(self): return self.__p
k = K()
print(k.show(), k._K__x, k._K__limit, K._K__limit, k._K__secret(), k.q())
print(vars(k), hasattr(k, "__x"), hasattr(K, "__secret"), hasattr(K, "_K__secret"), [n for n in dir(K) if "secret" in n or "Inner" in n or "__p" in n])
print([n for n in vars(K) if not n.endswith("__")], k._K__secret.__name__, K._K__secret.__qualname__)
