"""A Kalman filter that follows a moving thing by noisy measurements of its position.

    python models/kalman.py [STEPS]
"""

import sys

import numpy as np

DT, NOISE, JITTER = 0.1, 0.5, 0.05


def follow(measured, estimated):
    """The filtered position and velocity after each measurement; the last variance."""
    move = np.array([[1.0, DT], [0.0, 1.0]])
    observe = np.array([[1.0, 0.0]])
    spread = JITTER * np.array([[DT**3 / 3, DT**2 / 2], [DT**2 / 2, DT]])
    state, covariance = np.zeros((2, 1)), 10.0 * np.eye(2)
    for t in range(len(measured)):
        state = move @ state
        covariance = move @ covariance @ move.T + spread
        surprise = measured[t] - (observe @ state)[0, 0]
        uncertainty = (observe @ covariance @ observe.T)[0, 0] + NOISE**2
        gain = covariance @ observe.T / uncertainty
        state = state + gain * surprise
        covariance = covariance - gain @ observe @ covariance
        estimated[t] = state[:, 0]
    return covariance[0, 0]


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rng = np.random.default_rng(5)
    true, velocity = np.empty(steps), 1.0
    place = 0.0
    for t in range(steps):
        velocity += 0.02 * rng.standard_normal()
        place += DT * velocity
        true[t] = place
    measured = true + NOISE * rng.standard_normal(steps)
    estimated = np.empty((steps, 2))
    variance = follow(measured, estimated)
    for t in range(0, steps, 10):
        print(f"{t:3}  true {true[t]:8.4f}  measured {measured[t]:8.4f}  "
              f"filtered {estimated[t, 0]:8.4f}")  # fmt: skip
    errors = [np.sqrt(np.mean((guess - true) ** 2)) for guess in (measured, estimated[:, 0])]
    print(f"error {errors[0]:.4f} measured, {errors[1]:.4f} filtered; variance {variance:.5f}")


main()
