# args: 3
import sys, heapq, itertools
from collections import defaultdict, deque
class Event:
    _ids = itertools.count()
    def __init__(self, time, kind, data):
        self.time, self.kind, self.data = time, kind, data
        self.id = next(Event._ids)
    def __lt__(self, other):
        return (self.time, self.id) < (other.time, other.id)
class Simulator:
    def __init__(self):
        self.now = 0.0
        self.queue = []
        self.handlers = defaultdict(list)
        self.log = []
    def schedule(self, delay, kind, **data):
        heapq.heappush(self.queue, Event(self.now + delay, kind, data))
    def on(self, kind):
        def deco(f):
            self.handlers[kind].append(f)
            return f
        return deco
    def run(self, until):
        while self.queue and self.queue[0].time <= until:
            ev = heapq.heappop(self.queue)
            self.now = ev.time
            for h in self.handlers[ev.kind]:
                h(ev)
class Server:
    def __init__(self, name, rate):
        self.name, self.rate = name, rate
        self.queue = deque()
        self.busy = False
        self.served = 0
        self.wait = 0.0
def main():
    n = int(sys.argv[1])
    sim = Simulator()
    servers = [Server(f"s{i}", 1.0 + i * 0.5) for i in range(n)]
    seed = 7
    def rnd():
        nonlocal seed
        seed = (seed * 1103515245 + 12345) % 2147483648
        return seed / 2147483648
    @sim.on("arrive")
    def arrive(ev):
        s = min(servers, key=lambda s: len(s.queue))
        s.queue.append(sim.now)
        if not s.busy:
            start(s)
        sim.schedule(rnd() * 1.5, "arrive")
    def start(s):
        s.busy = True
        sim.schedule(rnd() / s.rate * 2, "done", server=s)
    @sim.on("done")
    def done(ev):
        s = ev.data["server"]
        t = s.queue.popleft()
        s.served += 1
        s.wait += sim.now - t
        s.busy = False
        if s.queue:
            start(s)
    sim.schedule(0, "arrive")
    sim.run(50)
    for s in servers:
        print(f"{s.name} served={s.served} wait={s.wait / max(1, s.served):.3f} left={len(s.queue)}")
    print(f"{sim.now:.2f}")
main()
