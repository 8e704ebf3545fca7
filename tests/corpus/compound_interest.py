# args: 1000 5 10
import sys

principal = float(sys.argv[1])
rate = float(sys.argv[2]) / 100
years = int(sys.argv[3])
balance = principal
print(f"{'year':>4} {'interest':>10} {'balance':>12}")
for year in range(1, years + 1):
    interest = balance * rate
    balance += interest
    print(f"{year:>4} {interest:>10.2f} {balance:>12,.2f}")
doubling = 0
amount = principal
while amount < 2 * principal:
    amount *= 1 + rate
    doubling += 1
print(f"doubles after {doubling} years, {100 * (balance / principal - 1):.1f}% in all")
