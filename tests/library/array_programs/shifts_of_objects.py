import sys
import numpy as np
n = int(sys.argv[1])
slots = np.empty((n, 3), dtype=object)
for day in range(n):
    for k, shift in enumerate(("am", "pm", "night")):
        slots[day, k] = []
people = ["ann", "bob", "cid", "dee", "eve"]
for i, p in enumerate(people * 2):
    slots[i % n, (i * 2) % 3].append(p)
for day, row in enumerate(slots):
    print(day, [len(s) for s in row], ["/".join(s) for s in row])
counts = np.vectorize(len)(slots)
print(counts, counts.sum(axis=0))
busy = slots[counts > 1]
print(busy)
merged = np.add.reduce(slots, axis=1)
print([len(m) for m in merged], merged[0])
print(slots.ravel()[:4])
