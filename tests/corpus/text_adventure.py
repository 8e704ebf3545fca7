# stdin: look
# stdin: go north
# stdin: take lamp
# stdin: go nowhere
# stdin: inventory
# stdin: quit
# stdin: look
from enum import Enum


class Room(Enum):
    HALL = "a dusty hall"
    CAVE = "a dark cave"


DOORS = {(Room.HALL, "north"): Room.CAVE, (Room.CAVE, "south"): Room.HALL}
room = Room.HALL
bag = []
while True:
    command, *rest = input("> ").split()
    match command, rest:
        case "look", []:
            print("You are in", room.value)
        case "go", [direction]:
            target = DOORS.get((room, direction))
            if target is None:
                print("No way", direction)
            else:
                room = target
                print("You enter", room.value)
        case "take", [thing]:
            bag.append(thing)
            print("Taken:", thing)
        case "inventory", _:
            print(bag)
        case "quit", _:
            break
        case _:
            print("What?")
print("Bye from", room.name, room)
