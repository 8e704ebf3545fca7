# args: x 7 y
import sys


def attempt(texts):
    for number, text in enumerate(texts, 1):
        try:
            value = int(text)
            if value % 2:
                raise RuntimeError("odd")
            return value
        except ValueError:
            print(number, "not a number")
        except RuntimeError as problem:
            print(number, "rejected:", problem)
        finally:
            print(number, "tried")
    return None


print("result", attempt(sys.argv[1:]))
print(attempt(["x", "4"]))
