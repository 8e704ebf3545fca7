# args: 1 0 x 5 4
import sys

errors = []
results = []
for arg in sys.argv[1:]:
    try:
        results.append(10 // int(arg))
    except (ValueError, ZeroDivisionError) as e:
        errors.append(e)
print(results)
for e in errors:
    print(type(e).__name__, e)
print(len(errors), isinstance(errors[0], ZeroDivisionError))
