# args: '5 2 9 1 5 6'
import sys


def bubble(xs):
    xs, swaps = xs[:], 0
    for end in range(len(xs) - 1, 0, -1):
        swapped = False
        for i in range(end):
            if xs[i] > xs[i + 1]:
                xs[i], xs[i + 1] = xs[i + 1], xs[i]
                swaps += 1
                swapped = True
        if not swapped:
            break
    return xs, swaps


def merge_sort(xs):
    if len(xs) <= 1:
        return xs
    mid = len(xs) // 2
    left, right = merge_sort(xs[:mid]), merge_sort(xs[mid:])
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]


def quick(xs):
    if len(xs) < 2:
        return xs
    pivot, *rest = xs
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])


def insertion(xs):
    xs = list(xs)
    for i in range(1, len(xs)):
        key, j = xs[i], i - 1
        while j >= 0 and xs[j] > key:
            xs[j + 1] = xs[j]
            j -= 1
        xs[j + 1] = key
    return xs


def heap_sort(xs):
    xs = list(xs)

    def sift(lo, hi):
        while (child := 2 * lo + 1) < hi:
            if child + 1 < hi and xs[child] < xs[child + 1]:
                child += 1
            if xs[lo] >= xs[child]:
                return
            xs[lo], xs[child] = xs[child], xs[lo]
            lo = child

    for i in range(len(xs) // 2 - 1, -1, -1):
        sift(i, len(xs))
    for end in range(len(xs) - 1, 0, -1):
        xs[0], xs[end] = xs[end], xs[0]
        sift(0, end)
    return xs


data = list(map(int, sys.argv[1].split()))
print("bubble", *bubble(data))
for f in (merge_sort, quick, insertion, heap_sort):
    result = f(data)
    print(f"{f.__name__:<12}{result} {result == sorted(data)}")
print(data)
