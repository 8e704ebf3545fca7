# args: 1 2 7
import sys
import random
class Die:
    def __init__(self, seed, sides=6):
        self.rng = random.Random(seed)
        self.sides = sides
    def roll(self): return self.rng.randint(1, self.sides)
    def pick(self, xs): return self.rng.choice(xs)
dice = []
for a in sys.argv[1:]:
    dice.append(Die(int(a)))
for d in dice:
    print([d.roll() for _ in range(5)], d.rng.random(), d.pick("abc"), d.pick([1, 2, 3]), d.rng.sample(range(20), 3))
deck = [r + s for r in "A23" for s in "HS"]
for d in dice:
    d.rng.shuffle(deck)
    print(deck, d.rng.uniform(1, 2), d.rng.gauss(0, 1), d.rng.choices(deck, k=3), d.rng.choices("ab", weights=[1, 5], k=4), d.rng.randrange(10), d.rng.getrandbits(70), d.rng.expovariate(2))
dice[0].rng.seed("x")
print(dice[0].roll(), [d.roll() for d in dice])
rng = random.Random(42)
print([rng.randint(1, 6) for _ in range(3)], [rng.randint(1, len(sys.argv)) for _ in range(3)])
class Deck:
    def __init__(self, rng):
        self.rng, self.cards = rng, list(range(10))
        rng.shuffle(self.cards)
    def draw(self): return self.cards.pop()
decks = [Deck(rng) for _ in range(len(sys.argv))]
print([d.draw() for d in decks], rng.random())
