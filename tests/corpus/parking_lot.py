# stdin: in AA 1
# stdin: in BB 2
# stdin: out AA 6
# stdin: out CC 7
# stdin: in DD 8
import sys


class Lot:
    RATE = 2.5

    def __init__(self, places):
        self.places = places
        self.cars = {}
        self.income = 0.0

    def enter(self, plate, hour):
        if len(self.cars) >= self.places:
            raise OverflowError("full")
        self.cars[plate] = hour

    def leave(self, plate, hour):
        try:
            since = self.cars.pop(plate)
        except KeyError:
            raise LookupError(f"{plate} is not here") from None
        fee = (hour - since) * self.RATE
        self.income += fee
        return fee


lot = Lot(2)
for line in sys.stdin:
    action, plate, hour = line.split()
    try:
        if action == "in":
            lot.enter(plate, int(hour))
        else:
            print(plate, "pays", lot.leave(plate, int(hour)))
    except LookupError as error:
        print("error:", error)
print(sorted(lot.cars), f"{lot.income:.2f}")
