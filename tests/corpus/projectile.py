# args: 20 45
import math
import sys

speed, angle = float(sys.argv[1]), math.radians(float(sys.argv[2]))
vx, vy = speed * math.cos(angle), speed * math.sin(angle)
x = y = t = 0.0
dt = 0.01
highest = 0.0
while True:
    vy -= 9.81 * dt
    x += vx * dt
    y += vy * dt
    t += dt
    if y > highest:
        highest = y
    if y < 0:
        break
print(f"range {x:.2f} m, height {highest:.2f} m, time {t:.2f} s")
