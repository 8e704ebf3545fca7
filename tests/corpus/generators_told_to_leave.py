# args: 3 8
import sys
def risky(n):
    for i in range(n):
        try:
            yield 10 // (i - 2)
        except:
            print("oops")
            raise
        else:
            print("fine", i)
n = int(sys.argv[1])
g = risky(n)
try:
    while True:
        print(next(g))
except ZeroDivisionError as e:
    print("zero", e)
except StopIteration:
    print("stop")
def guard(n):
    for i in range(n):
        try:
            yield i
        except GeneratorExit:
            return
        except BaseException as e:
            print("x", e)
g = guard(n)
j = 0
while j < n - 1:
    print(next(g)); j += 1
g.close()
