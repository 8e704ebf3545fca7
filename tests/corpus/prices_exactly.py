# args: 3.14159 x 2.5
import sys
from decimal import Decimal, InvalidOperation, DivisionByZero, getcontext, localcontext, ROUND_DOWN
from dataclasses import dataclass
@dataclass
class Item:
    name: str
    price: Decimal
    qty: int = 1
    @property
    def total(self) -> Decimal: return self.price * self.qty
items = [Item("pen", Decimal("1.20"), 3), Item("ink", Decimal("7.55"))]
for w in sys.argv[1:]:
    try:
        items.append(Item(w, Decimal(w)))
    except InvalidOperation as e:
        print("bad", w, type(e).__name__, e)
for i in sorted(items, key=lambda i: i.total): print(f"{i.name:<6}{i.price:>8}{i.total:>10.2f}", i)
total = sum((i.total for i in items), Decimal(0))
tax = (total * Decimal("0.19")).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
print(total, tax, total + tax, max(i.price for i in items))
try:
    print(total / Decimal(0))
except ZeroDivisionError as e:
    print("zero", e)
try:
    print(Decimal(1) / 0)
except DivisionByZero as e:
    print("zero too", e)
with localcontext() as c:
    c.prec = 5
    print(Decimal(1) / 3, getcontext().prec)
print(Decimal(1) / 3, getcontext().prec, getcontext().rounding)
d = {Decimal("1.0"): "one"}
print(d[Decimal(1)], Decimal("1.0") == 1, isinstance(total, Decimal), type(total).__name__, hash(Decimal(2)) == hash(2))
x = Decimal(len(sys.argv))
print(x % 2, x // 2, x ** 2, -x, +x, divmod(x, 2), x.sqrt(), x == len(sys.argv), x < 2.5, bool(x), x.is_zero())
try:
    print(x + 1.5)
except TypeError as e:
    print(e)
money = [Decimal("3.10"), Decimal("2.2")]
money.append(Decimal(sys.argv[1]) if len(sys.argv) > 1 else Decimal(0))
print(money, sorted(money), sum(money), min(money), Decimal("2.2") in money, money.index(Decimal("2.20")))
balance = Decimal("100")
for m in money:
    if m > balance: break
    balance -= m
print(f"{balance:,.2f} {balance!r} {balance}", "%s" % balance, str(balance).rjust(10), "{:.1f}".format(balance))
print(Decimal(0.1), Decimal((0, (1, 2), -1)), Decimal("1E+3"), Decimal("NaN").is_nan(), int(Decimal("3.7")), round(Decimal("2.675"), 2), round(Decimal("2.5")), Decimal(5).as_tuple(), Decimal("1.500").normalize())
print(Decimal("abc"))
