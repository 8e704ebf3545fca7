# args: 3 10 A 5 A
import sys


def value(cards):
    total = aces = 0
    for card in cards:
        if card == "A":
            aces += 1
            total += 11
        elif card in ("J", "Q", "K"):
            total += 10
        else:
            total += int(card)
    while total > 21 and aces:
        total -= 10
        aces -= 1
    return total


hand = []
for card in sys.argv[1:]:
    hand.append(card)
    print(hand, value(hand), "bust" if value(hand) > 21 else "")
