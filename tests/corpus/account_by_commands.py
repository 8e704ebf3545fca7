# args: deposit 50 withdraw 30 report 0 withdraw 100 fly 1
import sys


class Account:
    def __init__(self):
        self.balance = 0
        self.log = []
        self.handlers = {"deposit": self.deposit, "withdraw": self.withdraw}

    def deposit(self, amount):
        self.balance += amount
        self.log.append(("deposit", amount))
        return self.balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError(f"cannot withdraw {amount} from {self.balance}")
        self.balance -= amount
        self.log.append(("withdraw", amount))
        return self.balance

    def report(self, _):
        return f"{len(self.log)} operations"

    def unknown(self, amount):
        return f"unknown ({amount})"

    def run(self, name, amount):
        method = self.handlers.get(name) or getattr(self, name, self.unknown)
        return method(amount)


account = Account()
commands = {"deposit": account.deposit, "withdraw": account.withdraw, "report": account.report}
for i in range(1, len(sys.argv), 2):
    name, amount = sys.argv[i], int(sys.argv[i + 1])
    try:
        print(name, commands.get(name, account.unknown)(amount))
    except ValueError as e:
        print("error:", e)
print(account.log, account.balance)
queue = []
for i in range(1, len(sys.argv), 2):
    if sys.argv[i] in commands:
        queue.append((commands[sys.argv[i]], int(sys.argv[i + 1])))
for f, amount in queue:
    try:
        print(f(amount))
    except ValueError:
        print("no")
