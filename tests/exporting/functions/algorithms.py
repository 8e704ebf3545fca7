"""Algorithms with loops, branches and arrays that change."""

import math

import numpy as np


def transform(real, imaginary):
    """The fast Fourier transform, in place."""
    n = len(real)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            real[i], real[j] = real[j], real[i]
            imaginary[i], imaginary[j] = imaginary[j], imaginary[i]
    length = 2
    while length <= n:
        half = length // 2
        for start in range(0, n, length):
            for k in range(half):
                angle = -2 * math.pi * k / length
                c, s = math.cos(angle), math.sin(angle)
                a, b = start + k, start + k + half
                re = real[b] * c - imaginary[b] * s
                im = real[b] * s + imaginary[b] * c
                real[b], imaginary[b] = real[a] - re, imaginary[a] - im
                real[a], imaginary[a] = real[a] + re, imaginary[a] + im
        length *= 2


def kmeans_step(points, centres):
    distances = ((points[:, None, :] - centres) ** 2).sum(axis=-1)
    nearest = distances.argmin(axis=1)
    moved = []
    for k in range(centres.shape[0]):
        mine = nearest == k
        count = mine.sum()
        total = (points * mine[:, None]).sum(axis=0)
        moved.append(np.where(count > 0, total / np.maximum(count, 1), centres[k]))
    return np.stack(moved), nearest


def kalman_step(state, covariance, measured, dt=0.1):
    move = np.array([[1.0, dt], [0.0, 1.0]])
    observe = np.array([[1.0, 0.0]])
    state = move @ state
    covariance = move @ covariance @ move.T + 0.05 * np.eye(2)
    surprise = measured - (observe @ state)[0]
    uncertainty = (observe @ covariance @ observe.T)[0, 0] + 0.25
    gain = covariance @ observe.T / uncertainty
    state = state + gain[:, 0] * surprise
    return {"state": state, "covariance": covariance - gain @ observe @ covariance}


def regression_step(w, b, x, y, rate):
    error = x @ w + b - y
    n = len(y)
    return w - rate * (x.T @ error) / n, b - rate * error.sum() / n, (error**2).mean()


def adam_step(p, g, m, v, t):
    """New parameters; the moments change in the dictionaries that hold them."""
    made = {}
    for name in p:
        m[name] = 0.9 * m[name] + 0.1 * g[name]
        v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
        step = (m[name] / (1 - 0.9**t)) / (np.sqrt(abs(v[name]) / (1 - 0.999**t)) + 1e-8)
        made[name] = p[name] - 0.01 * step
    return made


def halves(x):
    return x * 2 + 1, (x + x).astype(np.float32)


def life(cells):
    around = sum(np.roll(cells, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) - cells
    return ((around == 3) | ((cells == 1) & (around == 2))).astype(cells.dtype)


def newton(a):
    """A square root, until nothing moves."""
    x = a if a > 1 else 1.0
    steps = 0
    while abs(x * x - a) > 1e-12 * a and steps < 60:
        x = 0.5 * (x + a / x)
        steps += 1
    return x, steps


def gcd(a, b):
    while b:
        a, b = b, a % b
    return abs(a)


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def power_iteration(a, steps):
    v = np.ones(a.shape[0]) / a.shape[0]
    for _ in range(steps):
        v = a @ v
        v = v / np.sqrt((v * v).sum())
    return v, v @ a @ v


def recurrence(x, decay):
    """An exponential average: each element needs the one before it."""
    y = np.empty_like(x)
    total = 0.0
    for i in range(len(x)):
        total = decay * total + (1 - decay) * x[i]
        y[i] = total
    return y


def sieve(n):
    prime = np.ones(n, dtype=bool)
    prime[:2] = False
    i = 2
    while i * i < n:
        if prime[i]:
            prime[i * i :: i] = False
        i += 1
    return prime, prime.sum()


def divisors(n):
    """A list that grows."""
    found = []
    for k in range(1, n + 1):
        if n % k == 0:
            found.append(k)
    return np.array(found, dtype=np.int64)


def growing(x, n):
    seen = x[:2] * 0 + 1
    for i in range(n):
        seen = np.concatenate([seen, x[i : i + 1]])
    return seen, len(seen)


def cholesky(a):
    n = len(a)
    low = np.zeros_like(a)
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            low[i, j] = math.sqrt(total) if i == j else total / low[j, j]
    return low


def spd_cholesky(x):
    return cholesky(x @ x.T + np.eye(len(x)) * len(x))


def edit_distance(one, other):
    previous = np.arange(len(other) + 1)
    for i in range(len(one)):
        current = np.empty_like(previous)
        current[0] = i + 1
        for j in range(len(other)):
            cost = 0 if one[i] == other[j] else 1
            current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, previous[j] + cost)
        previous = current
    return previous[-1]


def heat(plate, steps):
    for _ in range(steps):
        inner = plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]
        plate = plate.copy()
        plate[1:-1, 1:-1] = 0.25 * inner
    return plate


def bodies(position, velocity, mass, dt):
    gap = position[None, :, :] - position[:, None, :]
    square = (gap**2).sum(-1) + 1e-3
    pull = gap * (mass[None, :] / (square * np.sqrt(square)))[:, :, None]
    velocity = velocity + dt * pull.sum(axis=1)
    return position + dt * velocity, velocity


def horner(coefficients, x):
    total = np.zeros_like(x)
    for c in coefficients[::-1]:
        total = total * x + c
    return total


def branches(x, flag):
    if flag:
        y = x * 2
    elif x.sum() > 0:
        y = x + 1
    else:
        y = -x
    return y if x.shape[0] > 2 else y - 1


def checked(x, i):
    if i < 0:
        raise ValueError(f"i is {i}")
    assert i < len(x), "too large"
    return x[i] / (i + 1)


def caught(a, b):
    try:
        return a // b
    except ZeroDivisionError:
        return -1


def conv2d(image, kernels):
    """(c, h, w) and (o, c, k, k): (o, h - k + 1, w - k + 1)."""
    size = kernels.shape[-1]
    height, width = image.shape[1] - size + 1, image.shape[2] - size + 1
    total = np.zeros((kernels.shape[0], height, width), image.dtype)
    for i in range(size):
        for j in range(size):
            part = image[:, i : i + height, j : j + width]
            total += np.einsum("oc,chw->ohw", kernels[:, :, i, j], part)
    return total


def pool(image):
    channels, height, width = image.shape
    return image.reshape(channels, height // 2, 2, width // 2, 2).mean(axis=(2, 4))


rng = np.random.default_rng(0)


def _layer(*shape):
    weights = rng.standard_normal(shape).astype(np.float32)
    return weights / np.sqrt(np.float32(np.prod(shape[1:])))


FIRST, SECOND = _layer(6, 1, 5, 5), _layer(16, 6, 5, 5)
THIRD, FOURTH, FIFTH = _layer(120, 400), _layer(84, 120), _layer(10, 84)


def lenet(image):
    image = pool(np.tanh(conv2d(image, FIRST)))
    image = pool(np.tanh(conv2d(image, SECOND)))
    x = image.reshape(400)
    x = np.tanh(THIRD @ x)
    x = np.tanh(FOURTH @ x)
    scores = FIFTH @ x
    return scores, np.argmax(scores)


CASES = [
    ("transform", ["f64[n]", "f64[n]"], [{"n": 1}, {"n": 2}, {"n": 16}]),
    ("kmeans_step", ["f64[n,2]", "f64[3,2]"], [{"n": 1}, {"n": 12}]),
    ("kalman_step", ["f64[2]", "f64[2,2]", "f64"], [{"measured": 0.5}, {"measured": -2.0}]),
    ("regression_step", ["f32[d]", "f32", "f32[n,d]", "f32[n]", "0.1"],
     [{"d": 1, "n": 1}, {"d": 3, "n": 10}]),
    ("adam_step", [*["{w: f32[n,2], b: f32[2]}"] * 4, "i64"], [{"n": 3, "t": 1}, {"n": 1, "t": 9}]),
    ("halves", ["f16[n]"], [{"n": 1}, {"n": 7}]),
    ("life", ["i32[h,w]"], [{"h": 3, "w": 4, "cells": (0, 2)}, {"h": 7, "w": 7, "cells": (0, 2)}]),
    ("newton", ["f64"], [{"a": 2.0}, {"a": 0.25}, {"a": 1e6}]),
    ("gcd", ["i64", "i64"], [{"a": 12, "b": 18}, {"a": -7, "b": 21}, {"a": 5, "b": 0}]),
    ("collatz", ["i64"], [{"n": 1}, {"n": 27}]),
    ("power_iteration", ["f64[n,n]", "i64"], [{"n": 1, "steps": 3}, {"n": 4, "steps": 0},
                                              {"n": 4, "steps": 5}]),
    ("recurrence", ["f32[n]", "0.9"], [{"n": 0}, {"n": 9}]),
    ("sieve", ["i64"], [{"n": 3}, {"n": 30}]),
    ("divisors", ["i64"], [{"n": 1}, {"n": 12}]),
    ("growing", ["f64[m]", "i64"], [{"m": 4, "n": 0}, {"m": 4, "n": 3}]),
    ("spd_cholesky", ["f64[n,n]"], [{"n": 1}, {"n": 4}]),
    ("edit_distance", ["i64[n]", "i64[m]"], [{"n": 0, "m": 2}, {"n": 5, "m": 4}]),
    ("heat", ["f64[h,w]", "i64"], [{"h": 4, "w": 5, "steps": 3}, {"h": 3, "w": 3, "steps": 0}]),
    ("bodies", ["f64[n,3]", "f64[n,3]", "f64[n]", "0.01"], [{"n": 1}, {"n": 5}]),
    ("horner", ["f64[4]", "f64[n]"], [{"n": 1}, {"n": 6}]),
    ("branches", ["f32[n]", "bool"], [{"n": 2, "flag": True}, {"n": 3, "flag": False}]),
    ("checked", ["f64[n]", "i64"], [{"n": 4, "i": 0}, {"n": 4, "i": 3}]),
    ("caught", ["i64", "i64"], [{"a": 7, "b": 2}, {"a": 7, "b": 0}]),
    ("conv2d", ["f32[2,h,w]", "f32[3,2,3,3]"], [{"h": 3, "w": 3}, {"h": 6, "w": 5}]),
    ("lenet", ["f32[1,32,32]"], [{}]),
]  # fmt: skip
