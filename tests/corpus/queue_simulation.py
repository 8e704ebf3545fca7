# args: 15 1.2 1.0
import random
import sys


class Queue:
    def __init__(self, arrival, service, seed=1):
        self.random = random.Random(seed)
        self.arrival, self.service = arrival, service
        self.free_at = 0.0
        self.waits = []

    def run(self, customers):
        now = 0.0
        for _ in range(customers):
            now += self.random.expovariate(1 / self.arrival)
            start = max(now, self.free_at)
            self.waits.append(start - now)
            self.free_at = start + self.random.expovariate(1 / self.service)
        return self.free_at


queue = Queue(float(sys.argv[2]), float(sys.argv[3]))
end = queue.run(int(sys.argv[1]))
print(f"done at {end:.3f}")
print(f"mean wait {sum(queue.waits) / len(queue.waits):.3f}, longest {max(queue.waits):.3f}")
print(sum(wait == 0 for wait in queue.waits), "did not wait")
