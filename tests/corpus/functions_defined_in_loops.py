# args: 3 ab
import sys
n = int(sys.argv[1])
def outer():
    fs = []
    for i in range(n):
        def fact(x):
            return 1 if x < 2 else x * fact(x - 1) + i
        fs.append(fact)
        print(fact(3))
    return fs
print([f(3) for f in outer()])
def build(kind):
    def even(x): return True if x == 0 else odd(x - 1)
    def odd(x): return False if x == 0 else even(x - 1)
    return even if kind else odd
gs = []
for i in range(n):
    gs.append(build(i % 2))
print([g(6) for g in gs])
for k in range(n):
    def show(msg):
        print(k, msg)
    show("a")
show("end")
class Button:
    def __init__(self, label, on_click=None):
        self.label, self.on_click = label, on_click
    def click(self):
        if self.on_click:
            return self.on_click(self)
bs = []
for w in sys.argv[1:]:
    bs.append(Button(w, lambda b: b.label * 2))
bs.append(Button("none"))
def log(b):
    print("clicked", b.label)
bs.append(Button("log", log))
print([b.click() for b in bs])
state = {"n": 0}
cmds = {}
def register(name):
    def deco(f):
        cmds[name] = f
        return f
    return deco
for w in sys.argv[1:]:
    @register(w)
    def cmd(*args):
        state["n"] += len(args)
        return state["n"]
for w in sys.argv[1:]:
    print(w, cmds[w](1, 2), cmds.get(w, log)(3))
