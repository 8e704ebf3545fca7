# args: 12000 6 12
import sys


def payment(amount, monthly, months):
    if monthly == 0:
        return amount / months
    return amount * monthly / (1 - (1 + monthly) ** -months)


amount, rate, months = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
monthly = rate / 100 / 12
pay = payment(amount, monthly, months)
paid_interest = 0.0
for month in range(1, months + 1):
    interest = amount * monthly
    principal = pay - interest
    amount -= principal
    paid_interest += interest
    print(f"{month:3d} {pay:9.2f} {principal:9.2f} {interest:8.2f} {abs(amount):10.2f}")
print("interest in all: %.2f" % paid_interest)
