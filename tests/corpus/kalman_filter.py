# args: 12 0.5
import sys

import numpy as np


class Kalman:
    """A filter for one constant value."""

    def __init__(self, process, measurement):
        self.q = process
        self.r = measurement
        self.x = 0.0
        self.p = 1.0

    def update(self, z):
        self.p += self.q
        gain = self.p / (self.p + self.r)
        self.x += gain * (z - self.x)
        self.p *= 1 - gain
        return self.x


steps = int(sys.argv[1])
noise = float(sys.argv[2])
rng = np.random.default_rng(0)
filt = Kalman(1e-4, noise**2)
truth = 2.5
for step in range(steps):
    z = truth + noise * rng.standard_normal()
    estimate = filt.update(z)
    print(f"{step:3d} measured {z:7.4f} estimate {estimate:7.4f}")
print(f"error {abs(filt.x - truth):.5f}")
