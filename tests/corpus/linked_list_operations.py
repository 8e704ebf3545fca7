# args: 5 3 8 1
import sys


class Node:
    def __init__(self, data):
        self.data = data
        self.next = None


class LinkedList:
    def __init__(self):
        self.head = None

    def append(self, data):
        node = Node(data)
        if self.head is None:
            self.head = node
            return
        current = self.head
        while current.next:
            current = current.next
        current.next = node

    def prepend(self, data):
        node = Node(data)
        node.next = self.head
        self.head = node

    def delete(self, data):
        current = self.head
        if current and current.data == data:
            self.head = current.next
            return True
        while current and current.next:
            if current.next.data == data:
                current.next = current.next.next
                return True
            current = current.next
        return False

    def reverse(self):
        prev = None
        current = self.head
        while current:
            current.next, prev, current = prev, current, current.next
        self.head = prev

    def __iter__(self):
        current = self.head
        while current:
            yield current.data
            current = current.next

    def __len__(self):
        n = 0
        for _ in self:
            n += 1
        return n

    def __str__(self):
        return " -> ".join(str(x) for x in self) + " -> None"


lst = LinkedList()
for arg in sys.argv[1:]:
    lst.append(int(arg))
print(lst, len(lst))
lst.prepend(0)
print(lst.delete(3), lst.delete(42), lst)
lst.reverse()
print(lst, sum(lst), max(lst), 8 in lst, sorted(lst))
