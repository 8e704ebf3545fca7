# args:
def weight(n):
    total = 0
    while n:
        digit = n % 10
        while digit > 0:
            total += 1
            digit -= 3
        n //= 10
    return total


best = max(range(1, 2000), key=weight)
print(best, min(range(2000, 1, -1), key=lambda i: -weight(i)))
print(sorted(range(1, 2000), key=weight)[-3:], sum(map(weight, range(1, 2000))))
print(len(list(filter(lambda i: weight(i) > 10, range(1, 2000)))))
for x in filter(lambda i: weight(i) > 11, range(1, 2000)):
    print(x)
