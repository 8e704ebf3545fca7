# args: 10
import sys

import numpy as np


class Perceptron:
    def __init__(self, size, rate=0.1):
        self.weights = np.zeros(size + 1)
        self.rate = rate

    def predict(self, x):
        return 1 if self.weights[0] + self.weights[1:] @ x > 0 else 0

    def train(self, xs, ys, epochs):
        for epoch in range(epochs):
            wrong = 0
            for x, y in zip(xs, ys):
                error = y - self.predict(x)
                if error:
                    wrong += 1
                    self.weights[1:] += self.rate * error * x
                    self.weights[0] += self.rate * error
            print("epoch", epoch, "wrong", wrong)
            if wrong == 0:
                break


xs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
net = Perceptron(2)
net.train(xs, [0, 0, 0, 1], int(sys.argv[1]))
print([net.predict(x) for x in xs], np.round(net.weights, 2))
