# args: 6
import sys


class Tree:
    def __init__(self, key, left=None, right=None):
        self.key, self.left, self.right = key, left, right

    def total(self, factor):
        result = self.key * factor
        for child in (self.left, self.right):
            if child is not None:
                result += child.total(factor)
        return result

    def depth(self):
        return 1 + max((child.depth() for child in (self.left, self.right) if child), default=0)

    def __repr__(self):
        if self.left is self.right is None:
            return f"({self.key})"
        return f"({self.left!r} {self.key} {self.right!r})"


tree = Tree(5, Tree(2, Tree(1), Tree(3)), Tree(9, None, Tree(11)))
print(tree)
print(tree.depth(), tree.total(int(sys.argv[1])))
