# args: 200
import sys

rabbits, foxes = 40.0, 9.0
history = []
for step in range(int(sys.argv[1])):
    born = 0.1 * rabbits
    eaten = 0.02 * rabbits * foxes
    died = 0.3 * foxes
    rabbits += (born - eaten) * 0.1
    foxes += (0.5 * eaten - died) * 0.1
    if step % 40 == 0:
        history.append((step, round(rabbits, 2), round(foxes, 2)))
for row in history:
    print("%4d %8.2f %8.2f" % row)
