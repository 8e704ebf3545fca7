# args: kitten_sittingq_naïve Straße_sitting
import sys
def lcs(a, b):
    dp = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            if a[i - 1] == b[j - 1]:
                dp[i][j] = dp[i - 1][j - 1] + 1
            else:
                dp[i][j] = max(dp[i - 1][j], dp[i][j - 1])
    i, j = len(a), len(b)
    out = []
    while i > 0 and j > 0:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i -= 1
            j -= 1
        elif dp[i - 1][j] >= dp[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(out))
a, b = sys.argv[1], sys.argv[2]
print(lcs(a, b))
def palindrome(s):
    i, j = 0, len(s) - 1
    while i < j:
        if s[i] != s[j]:
            return False
        i += 1
        j -= 1
    return True
print(palindrome(a), palindrome(a + a[::-1]))
vowels = 0
upper = 0
total = 0
for k in range(len(b)):
    c = b[k]
    if c in "aeiou":
        vowels += 1
    if "A" <= c <= "Z" or c == "ß":
        upper += 1
    total = (total * 31 + ord(c)) % 1000003
print(vowels, upper, total, c, c + "!", repr(c))
best = b[0]
for k in range(len(b)):
    if b[k] > best:
        best = b[k]
print(best, best in "xyz", len(best))
try:
    for k in range(len(a) + 1):
        if a[k] == "q":
            print("q at", k)
except IndexError as error:
    print(error)
print(a[-1] == b[-1], a[k - 1].upper(), a[k - 2].isdigit(), [a[m] for m in range(k)][:3])
