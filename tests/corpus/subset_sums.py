# args: 7
import sys


def subsets(numbers):
    sums, paths = [], []

    def go(start, path, total):
        sums.append(total)
        paths.append(len(path))
        for i in range(start, len(numbers)):
            path.append(numbers[i])
            go(i + 1, path, total + numbers[i])
            path.pop()

    go(0, [], 0)
    return sums, paths


sums, paths = subsets([i * i % 23 + 1 for i in range(int(sys.argv[1]))])
print(len(sums), sums, paths)
