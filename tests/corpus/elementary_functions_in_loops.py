# args: 400
import math
import sys

total = 0.0
for i in range(int(sys.argv[1])):
    x = i * 0.037 + 0.1
    total = total * 0.5 + math.exp(-x) + math.expm1(x * 0.1) + math.sinh(x * 0.1)
print(total.hex())
