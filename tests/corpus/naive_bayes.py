"""Gaussian naive Bayes: means, variances and priors in dicts by class, which run time knows."""
import sys

import numpy as np


class NaiveBayes:
    def fit(self, X, y):
        self.classes = np.unique(y)
        self.mean = {c: X[y == c].mean(axis=0) for c in self.classes}
        self.var = {c: X[y == c].var(axis=0) + 1e-9 for c in self.classes}
        self.prior = {c: np.mean(y == c) for c in self.classes}
        return self

    def scores(self, x):
        return {
            c: np.log(self.prior[c]) - 0.5 * np.sum(
                np.log(2 * np.pi * self.var[c]) + (x - self.mean[c]) ** 2 / self.var[c])
            for c in self.classes
        }

    def predict(self, X):
        out = []
        for x in X:
            found = self.scores(x)
            out.append(max(found, key=found.get))
        return np.array(out)


n = 6 + len(sys.argv)
X = np.array([[np.sin(i * 1.7) + (i % 2) * 3, np.cos(i * 0.9)] for i in range(2 * n)])
y = np.arange(2 * n) % 2
model = NaiveBayes().fit(X, y)
print(model.classes, model.prior)
print((model.predict(X) == y).mean(), model.predict(X[:3]))
print({c: round(float(s), 6) for c, s in model.scores(X[0]).items()})
print(np.sqrt(model.prior[model.classes[0]]), [type(p).__name__ for p in model.prior.values()])
