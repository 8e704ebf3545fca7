# args: 37
import sys


def merge(items, low, middle, high):
    left = items[low : middle + 1]
    right = items[middle + 1 : high + 1]
    i = j = 0
    k = low
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            items[k] = left[i]
            i += 1
        else:
            items[k] = right[j]
            j += 1
        k += 1
    while i < len(left):
        items[k] = left[i]
        i += 1
        k += 1
    while j < len(right):
        items[k] = right[j]
        j += 1
        k += 1


def sort(items, low, high):
    if low < high:
        middle = (low + high) // 2
        sort(items, low, middle)
        sort(items, middle + 1, high)
        merge(items, low, middle, high)


n = int(sys.argv[1])
numbers = [i * 7919 % 101 for i in range(n)]
sort(numbers, 0, n - 1)
print(numbers)
