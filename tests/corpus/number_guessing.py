# args: 37
# stdin: 50
# stdin: 25
# stdin: forty
# stdin: 37
# stdin: 99
import sys

secret = int(sys.argv[1])
tries = 0
while True:
    guess = input("guess? ")
    if not guess.isdigit():
        print("not a number")
        continue
    tries += 1
    guess = int(guess)
    if guess < secret:
        print("higher")
    elif guess > secret:
        print("lower")
    else:
        print("right after", tries, "tries")
        break
