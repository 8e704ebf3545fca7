# args: abc de fghi
import sys
class Task:
    def __init__(self, name, gen, prio=0):
        self.name, self.gen, self.prio, self.done = name, gen, prio, False
class Scheduler:
    def __init__(self): self.tasks, self.ticks = [], 0
    def spawn(self, name, gen, prio=0):
        self.tasks.append(Task(name, gen, prio))
    def run(self):
        while any(not t.done for t in self.tasks):
            for t in sorted(self.tasks, key=lambda t: -t.prio):
                if t.done: continue
                try:
                    r = next(t.gen)
                    print(self.ticks, t.name, r)
                except StopIteration as e:
                    t.done = True
                    print(self.ticks, t.name, "finished", e.value)
                self.ticks += 1
def count(n):
    total = 0
    for i in range(n):
        total += i
        yield i
    return total
def echo(words):
    try:
        for w in words: yield w.upper()
    finally:
        print("cleanup")
s = Scheduler()
for i, w in enumerate(sys.argv[1:]):
    s.spawn(w, count(len(w)) if i % 2 else echo(w), i)
s.run()
