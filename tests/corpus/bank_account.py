# args: deposit:100 withdraw:30 withdraw:500 deposit:-5 close:0
import sys


class InsufficientFunds(Exception):
    def __init__(self, needed, balance):
        super().__init__(f"need {needed:.2f}, have {balance:.2f}")
        self.needed = needed
        self.balance = balance


class Account:
    count = 0

    def __init__(self, owner, balance=0.0):
        self.owner = owner
        self._balance = balance
        self.history = []
        Account.count += 1

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("negative balance")
        self._balance = value

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError(f"bad amount: {amount}")
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(amount, self.balance)
        self.balance -= amount
        self.history.append(("withdraw", amount))

    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance:.2f})"


class Savings(Account):
    rate = 0.05

    def add_interest(self):
        self.deposit(self.balance * self.rate)


account = Savings("Ann")
for item in sys.argv[1:]:
    action, text = item.split(":")
    amount = float(text)
    try:
        if action == "deposit":
            account.deposit(amount)
        elif action == "withdraw":
            account.withdraw(amount)
        else:
            raise KeyError(action)
    except InsufficientFunds as error:
        print("refused:", error, "missing", error.needed - error.balance)
    except ValueError as error:
        print("error:", error)
    except KeyError as error:
        print("unknown action", error)
    else:
        print("ok", account)
    finally:
        print(len(account.history), "transactions")
account.add_interest()
print(account, Account.count, isinstance(account, Account))
