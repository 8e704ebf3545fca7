GRID = """
534678912
672195348
198342567
859761423
426853791
713924856
961537284
287419635
345286179
"""

rows = [[int(c) for c in line] for line in GRID.split()]


def complete(cells):
    return sorted(cells) == list(range(1, 10))


columns = list(zip(*rows))
boxes = [
    [rows[y + dy][x + dx] for dy in range(3) for dx in range(3)]
    for y in range(0, 9, 3)
    for x in range(0, 9, 3)
]
print(all(map(complete, rows)), all(map(complete, columns)), all(map(complete, boxes)))
rows[0][0] = 6
print(all(map(complete, rows)), [i for i, row in enumerate(rows) if not complete(row)])
