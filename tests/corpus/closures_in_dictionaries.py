# args: 3 ab ab cde
import sys
n = int(sys.argv[1])
def account(balance, name="x"):
    history = []
    def deposit(x):
        nonlocal balance
        balance += x
        history.append(("d", x))
        return balance
    def withdraw(x):
        nonlocal balance
        if x > balance:
            raise ValueError(f"{name}: insufficient {balance}")
        balance -= x
        return balance
    def show():
        return f"{name} {balance} {len(history)}"
    return {"deposit": deposit, "withdraw": withdraw, "show": show}
accs = [account(i * 10, f"a{i}") for i in range(n)]
for i, a in enumerate(accs):
    a["deposit"](i)
    try:
        print(a["withdraw"](15))
    except ValueError as e:
        print("error", e)
    print(a["show"]())
def late():
    fs = []
    for i in range(n):
        fs.append(lambda: i * 10)
    return fs
print([f() for f in late()])
def make_counter():
    count = 0
    def inc(by=1):
        nonlocal count
        count += by
        return count
    def get():
        return count
    return inc, get
pairs = []
for k in range(n):
    inc, get = make_counter()
    for _ in range(k):
        inc()
    pairs.append((inc, get))
for inc, get in pairs:
    print(inc(5), get())
def averager():
    total = 0.0
    count = 0
    def add(v):
        nonlocal total, count
        total += v
        count += 1
        return total / count
    return add
avs = {}
for w in sys.argv[1:]:
    avs.setdefault(w, averager())
    print(w, avs[w](len(w)), avs[w](3))
