# args: 10 20 60
import sys


def averager():
    total, count, average = 0.0, 0, None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


avg = averager()
next(avg)
for arg in sys.argv[1:]:
    print(avg.send(float(arg)))
avg.close()
