import sys

n = int(sys.argv[1])
log = []
for i in range(n):
    if i == n:
        log.append(i + 1)
if n == 3:
    log.append(3)
log.append(4)
print(log)
