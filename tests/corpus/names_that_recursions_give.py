# args: 4
import sys


class Node:
    def __init__(self, keys):
        self.keys = keys
        self.children = []


class Tree:
    def __init__(self, n):
        self.root = Node(list(range(n)))
        for i in range(n + 1):
            self.root.children.append(Node([10 * i, 10 * i + 1]))

    def repair(self, node, at):
        child = node.children[at]
        if len(child.keys) > 1:
            return False
        if at > 0 and len(node.children[at - 1].keys) > 1:
            child.keys.insert(0, node.children[at - 1].keys.pop())
            return True
        return True

    def largest(self, node):
        if not node.children:
            return node.keys.pop()
        else:
            at = len(node.children) - 1
            self.repair(node, at)
            found = self.largest(node.children[at])
            return found

    def smallest(self, node):
        if not node.children:
            return node.keys.pop(0)
        else:
            self.repair(node, 0)
            found = self.smallest(node.children[0])
            return found

    def remove(self, node, key):
        try:
            at = node.keys.index(key)
            if not node.children:
                node.keys.remove(key)
            else:
                self.remove_inner(node, at)
            return True
        except ValueError:
            if not node.children:
                return False
            for child in node.children:
                if self.repair(node, 0) and key < 0:
                    return False
                if self.remove(child, key):
                    return True
            return False

    def remove_inner(self, node, at):
        key = node.keys[at]
        left = node.children[at]
        if len(left.keys) > 1:
            found = self.largest(left)
        elif len(node.children[at + 1].keys) > 1:
            found = self.smallest(node.children[at + 1])
        else:
            node.keys.pop(at)
            left.keys.append(key)
            left.keys.extend(node.children.pop(at + 1).keys)
            return self.remove(node, key)
        node.keys[at] = found


n = int(sys.argv[1])
tree = Tree(n)
for key in (2, 1, 20, 3, 10, 0, 99):
    print(tree.remove(tree.root, key), tree.root.keys, [child.keys for child in tree.root.children])
