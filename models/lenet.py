"""LeNet-5 on a drawn digit, its convolutions and poolings written as loops.

    python models/lenet.py [SEED]

The weights are drawn at random from the seed, so the scores mean nothing; the work is the same.
"""

import sys

import numpy as np

DIGIT = [
    "............",
    "....####....",
    "...##..##...",
    ".......##...",
    "......##....",
    ".....##.....",
    "....##......",
    "...##.......",
    "...######...",
    "............",
]


def drawn(size):
    """The digit in the middle of an image of size x size pixels."""
    image = np.zeros((1, size, size), np.float32)
    top, left = (size - len(DIGIT)) // 2, (size - len(DIGIT[0])) // 2
    for y, row in enumerate(DIGIT):
        for x, mark in enumerate(row):
            image[0, top + y, left + x] = 1.0 if mark == "#" else -0.1
    return image


def convolve(image, kernels, bias):
    """Images (c, h, w) and kernels (o, c, k, k): images (o, h-k+1, w-k+1), through tanh."""
    channels, height, width = image.shape
    count, _, size, _ = kernels.shape
    result = np.empty((count, height - size + 1, width - size + 1), np.float32)
    for o in range(count):
        for y in range(height - size + 1):
            for x in range(width - size + 1):
                total = bias[o]
                for c in range(channels):
                    for i in range(size):
                        for j in range(size):
                            total += image[c, y + i, x + j] * kernels[o, c, i, j]
                result[o, y, x] = total
    return np.tanh(result)


def pool(image):
    """Means of squares of 2 x 2 pixels."""
    channels, height, width = image.shape
    result = np.empty((channels, height // 2, width // 2), np.float32)
    for c in range(channels):
        for y in range(height // 2):
            for x in range(width // 2):
                above = image[c, 2 * y, 2 * x] + image[c, 2 * y, 2 * x + 1]
                below = image[c, 2 * y + 1, 2 * x] + image[c, 2 * y + 1, 2 * x + 1]
                result[c, y, x] = (above + below) / 4
    return result


def layer(rng, *shape):
    """Weights whose sums of products are about as large as what they are multiplied with."""
    fan_in = int(np.prod(shape[1:]))
    weights = rng.standard_normal(shape).astype(np.float32) / np.sqrt(np.float32(fan_in))
    return weights, np.zeros(shape[0], np.float32)


def main():
    rng = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    first, second = layer(rng, 6, 1, 5, 5), layer(rng, 16, 6, 5, 5)
    third, fourth, fifth = layer(rng, 120, 400), layer(rng, 84, 120), layer(rng, 10, 84)
    image = pool(convolve(drawn(32), *first))
    image = pool(convolve(image, *second))
    x = image.reshape(400)
    for weights, bias in (third, fourth):
        x = np.tanh(weights @ x + bias)
    weights, bias = fifth
    scores = weights @ x + bias
    exponentials = np.exp(scores - np.max(scores))
    for digit, chance in enumerate(exponentials / np.sum(exponentials)):
        print(f"{digit}  {chance:.4f}")
    print("most likely:", np.argmax(scores))


main()
