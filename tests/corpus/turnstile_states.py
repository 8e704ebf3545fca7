# args: coin push coin coin push x
import sys
class Turnstile:
    def __init__(self):
        self.state = self.locked
        self.log = []
    def locked(self, event):
        if event == "coin":
            self.state = self.unlocked
            self.log.append("unlock")
        return "L"
    def unlocked(self, event):
        if event == "push":
            self.state = self.locked
        elif event == "x":
            raise ValueError("jammed")
        return "U"
    def feed(self, event):
        return self.state(event)
t = Turnstile()
for e in sys.argv[1:]:
    try:
        print(e, t.feed(e), t.state.__name__)
    except ValueError as err:
        print("error", err)
print(t.log, t.state == t.unlocked)
