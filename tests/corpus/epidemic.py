# args: 1000 0.3 0.1 60
import sys

population = int(sys.argv[1])
beta, gamma = float(sys.argv[2]), float(sys.argv[3])
days = int(sys.argv[4])
s, i, r = population - 1.0, 1.0, 0.0
peak = (0, i)
for day in range(1, days + 1):
    infected = beta * s * i / population
    recovered = gamma * i
    s, i, r = s - infected, i + infected - recovered, r + recovered
    if i > peak[1]:
        peak = (day, i)
    if day % 15 == 0:
        print(f"day {day:3d}: {s:8.1f} {i:8.1f} {r:8.1f}")
print(f"peak of {peak[1]:.1f} on day {peak[0]}")
