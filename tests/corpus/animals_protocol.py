# args: 3
import sys
from typing import Protocol


class Speaker(Protocol):
    def speak(self, times: int) -> str: ...


class Dog:
    def speak(self, times: int) -> str:
        return " ".join(["Woof"] * times)


class Cat:
    sound = "Meow"

    def speak(self, times: int) -> str:
        return self.sound * times


class Lion(Cat):
    sound = "Roar"

    def speak(self, times: int) -> str:
        return super().speak(times) + "!"


def chorus(speakers: list[Speaker], times: int) -> list[str]:
    return [speaker.speak(times) for speaker in speakers]


for line in chorus([Dog(), Cat(), Lion()], int(sys.argv[1])):
    print(line)
