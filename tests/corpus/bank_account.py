# args: 100 30 200
import sys


class InsufficientFunds(Exception):
    def __init__(self, needed, balance):
        super().__init__(f"need {needed}, have {balance}")
        self.missing = needed - balance


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.history = []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposit must be positive")
        self._balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(amount, self._balance)
        self._balance -= amount
        self.history.append(("withdraw", amount))


account = Account("Ada")
account.deposit(int(sys.argv[1]))
for text in sys.argv[2:]:
    try:
        account.withdraw(int(text))
        print("took", text)
    except InsufficientFunds as error:
        print("failed:", error, "missing", error.missing)
print(account.owner, account.balance)
for kind, amount in account.history:
    print(f"  {kind:<10}{amount:>6}")
