# args: 5 fault 2 repair 1
import sys
from enum import Enum, IntEnum, auto


class Light(Enum):
    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BROKEN = "broken"

    def next(self):
        order = {Light.RED: Light.GREEN, Light.GREEN: Light.YELLOW, Light.YELLOW: Light.RED}
        return order.get(self, self)

    @property
    def seconds(self):
        return {"red": 30, "green": 25, "yellow": 5}.get(self.value, 0)


class Level(IntEnum):
    LOW = 1
    HIGH = auto()


light = Light.RED
total = 0
for command in sys.argv[1:]:
    if command == "fault":
        light = Light.BROKEN
    elif command == "repair":
        light = Light.RED
    else:
        for _ in range(int(command)):
            total += light.seconds
            light = light.next()
    level = Level.HIGH if total > 60 else Level.LOW
    print(command, light, light.name, light.value, level, level + 1, repr(level))
print(Light("red") is Light.RED, [l.name for l in Light], len(Light))
