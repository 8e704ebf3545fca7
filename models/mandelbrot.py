"""The Mandelbrot set, drawn in characters.

    python models/mandelbrot.py [WIDTH]
"""

import sys

import numpy as np

SHADES = " .:-=+*#%@"
MOST = 60


def escape(counts):
    """For each pixel, after how many steps z = z*z + c is far away."""
    height, width = counts.shape
    for y in range(height):
        ci = 2.4 * y / height - 1.2
        for x in range(width):
            cr = 3.2 * x / width - 2.2
            zr = zi = 0.0
            steps = 0
            while steps < MOST and zr * zr + zi * zi <= 4.0:
                zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
                steps += 1
            counts[y, x] = steps


def main():
    width = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    counts = np.zeros((width * 3 // 8, width), np.int64)
    escape(counts)
    for row in counts:
        print("".join(SHADES[count * (len(SHADES) - 1) // MOST] for count in row))


main()
