# stdin: 3
# stdin: 4.5
# stdin: oops
# stdin: -2
# stdin: total
# stdin: 10
total = 0.0
count = 0
while True:
    try:
        text = input()
    except EOFError:
        break
    if text == "total":
        print("subtotal", total)
        continue
    try:
        value = float(text)
    except ValueError as error:
        print("ignored:", error)
        continue
    total += value
    count += 1
print(f"{count} numbers, total {total:g}")
