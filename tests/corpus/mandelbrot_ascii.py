# args: 30 12
import sys


def escape(c, most):
    z = 0
    for i in range(most):
        if abs(z) > 2:
            return i
        z = z * z + c
    return most


width, height = int(sys.argv[1]), int(sys.argv[2])
shades = " .:-=+*#%@"
for row in range(height):
    line = ""
    for column in range(width):
        c = complex(-2.2 + 3.2 * column / width, -1.2 + 2.4 * row / height)
        line += shades[escape(c, 27) // 3]
    print(line.rstrip())
