import math


class Box:
    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height

    def __str__(self):
        return f"{self.width}x{self.height}"


def diagonal(box):
    return round(math.hypot(box.width, box.height), 4)
