# args: 2 1e-12
import sys


def newton(f, derivative, x, tolerance, most=50):
    for i in range(most):
        step = f(x) / derivative(x)
        x -= step
        if abs(step) < tolerance:
            return x, i + 1
    raise ArithmeticError("no convergence")


a, tolerance = float(sys.argv[1]), float(sys.argv[2])
root, steps = newton(lambda x: x * x - a, lambda x: 2 * x, a, tolerance)
print(f"sqrt({a}) = {root:.10f} in {steps} steps")
cube, steps = newton(lambda x: x**3 - a, lambda x: 3 * x**2, a, tolerance)
print(f"cbrt({a}) = {cube:.10f} in {steps} steps")
