# args: lathe 3 press 1 drill 2 lathe 1
import heapq
import itertools
import sys


class Simulation:
    def __init__(self):
        self.now = 0.0
        self.queue = []
        self.count = itertools.count(1)
        self.done = {}

    def schedule(self, delay, action, *details):
        heapq.heappush(self.queue, (self.now + delay, next(self.count), action, details))

    def run(self, until):
        while self.queue and self.queue[0][0] <= until:
            self.now, _, action, details = heapq.heappop(self.queue)
            action(*details)
        return len(self.queue)


sim = Simulation()


def arrive(machine, parts):
    print(f"{sim.now:5.2f} {parts} parts arrive at the {machine}")
    if machine == "drill":
        sim.schedule(0.5, inspect, machine)
    sim.schedule(parts * 1.25, finish, machine, parts)


def finish(machine, parts):
    sim.done[machine] = sim.done.get(machine, 0) + parts
    print(f"{sim.now:5.2f} {machine} is done with {parts}")
    if parts > 2:
        sim.schedule(1.0, arrive, machine, parts - 2)


def inspect(machine):
    print(f"{sim.now:5.2f} the {machine} is inspected")


arguments = sys.argv[1:]
for at in range(0, len(arguments), 2):
    sim.schedule(at / 4, arrive, arguments[at], int(arguments[at + 1]))
left = sim.run(4.0)
print(left, "left", sorted(sim.done.items()))
print(sim.run(100.0), sorted(sim.done.items()))
