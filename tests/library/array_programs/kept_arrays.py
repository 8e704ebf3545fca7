"""Arrays in lists and instances of which only run time knows how many there are."""

import sys

import numpy as np

n = int(sys.argv[1])


class Body:
    def __init__(self, position, velocity):
        self.position = np.array(position, dtype=float)
        self.velocity = velocity

    def step(self, dt):
        self.position += dt * self.velocity


bodies = []
for i in range(n):
    shared = np.array([1.0, i])
    bodies.append(Body([i, 0], shared))
    bodies.append(Body([0, i], shared))
for body in bodies:
    body.step(0.5)
    body.velocity[0] *= -1
    body.position[1:] += 2
print([(body.position.tolist(), body.velocity.tolist()) for body in bodies])
print(bodies[0].velocity is bodies[1].velocity, bodies[0].velocity is bodies[0].position)
before = bodies[0].velocity
bodies[1].velocity[:] = 7
print(before, bodies[0].velocity)

rows = []
for i in range(n):
    row = np.zeros((2, 3), np.float32)
    rows.append(row)
    first = row[0]
    rows[i][0, 1] = i + 5
    print(first, row.T.tolist())
flat = rows[0].ravel()
flat[0] = 77
rows[-1] += 1
np.add(rows[0], 1, out=rows[-1])
rows.append(rows[0])
rows[-1][1].fill(-3)
for a, b in zip(rows, rows[1:]):
    a += b[::-1]
print(np.stack(rows).sum(axis=0), rows[0], flat)

grown = []
for i in range(n):
    grown = [np.full(2, i)] + grown
    grown += [np.full(2, -i)]
    grown.extend(grown[:1])
print(np.array(grown).T, len(grown + grown[1:]))
for part in np.array_split(np.arange(10), n):
    print(part, part.sum())
i, j = np.nonzero(np.stack(rows)[0])
print(i.strides, np.squeeze(np.ones((n, 1)), axis=1).shape)
whole = np.arange(n) * 2.5
print(whole == None, whole[0] != None, whole == "x", whole != {}, rows[0] == None)  # noqa: E711
for refused in (lambda: whole + "a", lambda: None - whole, lambda: whole[0] * "ab",
                lambda: whole < None, lambda: whole % "a", lambda: "a" + whole[0]):
    try:
        print(refused())
    except TypeError as error:
        print(error)


class Track:
    def __init__(self, name):
        self.name, self.points, self.marks = name, [], []
        self.next = None

    def add(self, point):
        self.points.append(point)
        self.marks.append(len(self.points) * 2)
        if len(self.points) > 2:
            self.points.pop(0)


tracks = []
for i in range(n):
    tracks.append(Track(f"t{i}"))
for k in range(4):
    for i, track in enumerate(tracks):
        track.add(np.array([k * 1.0, k * i]))
tracks[-1].points = tracks[0].points
for track in tracks:
    steps = [np.linalg.norm(b - a) for a, b in zip(track.points, track.points[1:])]
    print(track.name, track.points, sum(steps), track.marks, np.mean(track.points, axis=0))
