# args: 6 30
import sys

steps, rule = int(sys.argv[1]), int(sys.argv[2])
width = 2 * steps + 3
row = [0] * width
row[width // 2] = 1
for _ in range(steps):
    print("".join(".#"[cell] for cell in row))
    new = [0] * width
    for i in range(width):
        left = row[i - 1]
        right = row[(i + 1) % width]
        pattern = left * 4 + row[i] * 2 + right
        new[i] = rule >> pattern & 1
    row = new
print(sum(row))
