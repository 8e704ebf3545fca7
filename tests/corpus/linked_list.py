# args: 3 1 4 1 5
import sys


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class LinkedList:
    def __init__(self):
        self.head = None
        self.length = 0

    def push(self, value):
        self.head = Node(value, self.head)
        self.length += 1

    def reverse(self):
        previous, node = None, self.head
        while node is not None:
            node.next, previous, node = previous, node, node.next
        self.head = previous

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return self.length


numbers = LinkedList()
for text in sys.argv[1:]:
    numbers.push(int(text))
print(list(numbers), len(numbers))
numbers.reverse()
print(list(numbers), sum(numbers), 4 in numbers)
