# args: 10 7 3 9 0 10 0 8 8 2 0 6 10 10 10 8 1
import sys

rolls = [int(arg) for arg in sys.argv[1:]]
score = 0
i = 0
for frame in range(10):
    if rolls[i] == 10:
        score += 10 + rolls[i + 1] + rolls[i + 2]
        i += 1
    elif rolls[i] + rolls[i + 1] == 10:
        score += 10 + rolls[i + 2]
        i += 2
    else:
        score += rolls[i] + rolls[i + 1]
        i += 2
    print(f"frame {frame + 1}: {score}")
