# args: 50 0.05
import math
import sys


def derivative(state):
    angle, speed = state
    return speed, -9.81 * math.sin(angle)


def rk4(state, h):
    def moved(k, factor):
        return tuple(s + factor * d for s, d in zip(state, k))

    k1 = derivative(state)
    k2 = derivative(moved(k1, h / 2))
    k3 = derivative(moved(k2, h / 2))
    k4 = derivative(moved(k3, h))
    return tuple(
        s + h / 6 * (a + 2 * b + 2 * c + d) for s, a, b, c, d in zip(state, k1, k2, k3, k4)
    )


steps, h = int(sys.argv[1]), float(sys.argv[2])
state = (0.5, 0.0)
for step in range(steps):
    state = rk4(state, h)
    if step % 10 == 9:
        energy = state[1] ** 2 / 2 + 9.81 * (1 - math.cos(state[0]))
        print(f"{step + 1:3d} angle {state[0]:8.5f} speed {state[1]:8.5f} energy {energy:.5f}")
