"""Instances: constructors, methods, properties, inheritance, ordering."""

class Node:
    def __init__(self, name, value, parent=None):
        self.name = name
        self.value = value
        self.parent = parent
        self.children = []

    def add(self, child):
        self.children.append(child)
        return child

    def depth(self):
        return 0 if self.parent is None else self.parent.depth() + 1

    @property
    def label(self):
        return self.name + str(self.value)

    def __lt__(self, other):
        return self.value < other.value


class Leaf(Node):
    def __init__(self, name, parent):
        super().__init__(name, len(name), parent)

    def depth(self):
        return super().depth() + 100


root = Node("root", 0)
nodes = [root]
for i in range(4000):
    parent = nodes[i // 3]
    if i % 5 == 4:
        nodes.append(parent.add(Leaf("n" * (i % 7 + 1), parent)))
    else:
        nodes.append(parent.add(Node("m", i * 31 % 101, parent)))
total = 0
labels = {}
for node in nodes:
    total += node.depth() + len(node.children)
    labels[node.label] = labels.get(node.label, 0) + 1
print(total, len(labels), min(nodes).value)
