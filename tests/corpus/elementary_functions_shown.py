# args: 0.5 1.25 -0.75 3.7 0.1 -2.2 10.3 0.0001 -0.0 25
import math
import sys

for word in sys.argv[1:]:
    x = float(word)
    print(word, math.exp(x).hex(), math.expm1(x).hex(), math.sin(x).hex(), math.cos(x).hex(),
          math.tan(x).hex(), math.atan(x).hex(), math.sinh(x).hex(), math.cosh(x).hex(),
          math.asinh(x).hex(), (x ** 2).hex(), (x ** 3).hex())
    if x > 0:
        print(math.log(x).hex(), math.log2(x).hex(), math.log10(x).hex(), math.log1p(x).hex(),
              (x ** 0.5).hex(), (x ** -1.5).hex(), math.pow(x, x).hex())
    if -1 <= x <= 1:
        print(math.asin(x).hex(), math.acos(x).hex())
