# args: 12
import random
import sys

random.seed(99)
LENGTH, SIZE = 16, 10


def fitness(genome):
    return sum(genome)


def crossover(a, b):
    point = random.randrange(1, LENGTH)
    return a[:point] + b[point:]


population = [[random.randint(0, 1) for _ in range(LENGTH)] for _ in range(SIZE)]
for generation in range(int(sys.argv[1])):
    population.sort(key=fitness, reverse=True)
    parents = population[: SIZE // 2]
    children = []
    while len(children) < SIZE - len(parents):
        child = crossover(*random.sample(parents, 2))
        spot = random.randrange(LENGTH)
        if random.random() < 0.3:
            child[spot] = 1 - child[spot]
        children.append(child)
    population = parents + children
print("".join(map(str, population[0])), fitness(population[0]))
