# args: price 3 name x stop 1 price 7 other 2
import sys


class Bus:
    def __init__(self):
        self.listeners = {}

    def on(self, topic, listener):
        self.listeners.setdefault(topic, []).append(listener)

    def off(self, topic, listener):
        if listener in self.listeners.get(topic, []):
            self.listeners[topic].remove(listener)
            return True
        return False

    def send(self, topic, value):
        results = []
        for listener in list(self.listeners.get(topic, [])):
            results.append(listener(topic, value))
        return results


class Counter:
    def __init__(self):
        self.seen = 0

    def tell(self, topic, value):
        self.seen += 1
        return f"{topic}#{self.seen}"


def shout(topic, value):
    return topic.upper() + value + "!"


bus, first, second = Bus(), Counter(), Counter()
for topic in sys.argv[1::2]:
    bus.on(topic, shout)
    bus.on(topic, first.tell)
bus.on("price", second.tell)
for topic, value in zip(sys.argv[1::2], sys.argv[2::2]):
    if topic == "stop":
        print(bus.off("price", first.tell), bus.off("price", shout), bus.off("x", shout))
    print(topic, bus.send(topic, value))
print(first.seen, second.seen, first.tell == first.tell, first.tell == second.tell)
