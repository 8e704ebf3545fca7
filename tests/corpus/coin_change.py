# args: 63
import sys

coins = [1, 5, 10, 21, 25]
amount = int(sys.argv[1])
fewest = [0] + [None] * amount
used = [None] * (amount + 1)
for value in range(1, amount + 1):
    for coin in coins:
        if coin <= value and fewest[value - coin] is not None:
            candidate = fewest[value - coin] + 1
            if fewest[value] is None or candidate < fewest[value]:
                fewest[value] = candidate
                used[value] = coin
change = []
left = amount
while left > 0:
    change.append(used[left])
    left -= used[left]
print(fewest[amount], "coins:", change)
ways = [1] + [0] * amount
for coin in coins:
    for value in range(coin, amount + 1):
        ways[value] += ways[value - coin]
print(ways[amount], "ways")
