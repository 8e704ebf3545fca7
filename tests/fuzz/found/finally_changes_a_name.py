"""What `finally` had written was what the body had left again."""

import sys

n = int(sys.argv[1])
numbers = iter([4, 5, 6])
for kind in (RuntimeError, ValueError):
    try:
        try:
            x = 1
            y = None
            if n % 2 == 0:
                raise kind(n)
            x = next(numbers)
            y = 2.5 if n > 4 else n
        finally:
            x += 1
            y = "left" if n > 4 else None
        print(x, y)
    except RuntimeError as error:
        print("caught", error, x, y)
    except ValueError:
        x = 9
    else:
        print("else", x, y)
print(x, y)
