# args: ca
# stdin: car card care cat dog do door
# stdin: cart caring dot
import sys


class TrieNode:
    def __init__(self):
        self.children = {}
        self.end = False


class Trie:
    def __init__(self):
        self.root = TrieNode()
        self.size = 0

    def insert(self, word):
        node = self.root
        for letter in word:
            if letter not in node.children:
                node.children[letter] = TrieNode()
            node = node.children[letter]
        if not node.end:
            self.size += 1
        node.end = True

    def __contains__(self, word):
        node = self._find(word)
        return node is not None and node.end

    def _find(self, prefix):
        node = self.root
        for letter in prefix:
            node = node.children.get(letter)
            if node is None:
                return None
        return node

    def _walk(self, node, prefix):
        if node.end:
            yield prefix
        for letter in sorted(node.children):
            yield from self._walk(node.children[letter], prefix + letter)

    def with_prefix(self, prefix):
        node = self._find(prefix)
        return list(self._walk(node, prefix)) if node else []

    def __len__(self):
        return self.size


trie = Trie()
for line in sys.stdin:
    for word in line.split():
        trie.insert(word)
print(len(trie))
print(trie.with_prefix(sys.argv[1]))
print(trie.with_prefix("zz"), "cat" in trie, "ca" in trie)
for word in trie.with_prefix(""):
    print(word, end=" ")
print()
