# args: 5
import sys
Y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
fact = Y(lambda self: lambda n: 1 if n < 2 else n * self(n - 1))
print(fact(5), fact(int(sys.argv[1])))
fib = Y(lambda self: lambda n: n if n < 2 else self(n - 1) + self(n - 2))
print([fib(i) for i in range(int(sys.argv[1]))])
Z = lambda f: (lambda x: f(lambda v: x(x)(v)))(lambda x: f(lambda v: x(x)(v)))
print(Z(lambda s: lambda n: 0 if n == 0 else n + s(n - 1))(int(sys.argv[1])))
zero = lambda f: lambda x: x
succ = lambda n: lambda f: lambda x: f(n(f)(x))
add = lambda m: lambda n: lambda f: lambda x: m(f)(n(f)(x))
num = lambda n: n(lambda k: k + 1)(0)
three = succ(succ(succ(zero)))
print(num(add(three)(three)))
c = zero
for _ in range(int(sys.argv[1])):
    c = succ(c)
print(num(c))
