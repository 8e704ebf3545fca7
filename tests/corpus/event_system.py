# args: 21.5 25.0 19.0
import sys


class Sensor:
    def __init__(self):
        self._listeners = []

    def listen(self, function):
        self._listeners.append(function)
        return function

    def read(self, value):
        for function in self._listeners:
            function(value)


sensor = Sensor()
log = []


@sensor.listen
def remember(value):
    log.append(value)


@sensor.listen
def warn(value):
    if value > 24:
        print("too warm:", value)


for text in sys.argv[1:]:
    sensor.read(float(text))
print(log, sum(log) / len(log))
