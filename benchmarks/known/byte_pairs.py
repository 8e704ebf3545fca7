"""Training of a byte-pair tokenizer: dicts of tuples."""

stems = "low new wide bold calm dark fast hard kind late mild near open pale quick rich".split()
endings = ["", "er", "est", "ly", "ness", "ish", "en", "ens", "ened", "ening"]
corpus = [stem + ending for stem in stems for ending in endings]
vocab = {}
for word in corpus:
    key = tuple(word) + ("</w>",)
    vocab[key] = vocab.get(key, 0) + 1
merges = []
for _ in range(60):
    pairs = {}
    for symbols, count in vocab.items():
        for i in range(len(symbols) - 1):
            pair = (symbols[i], symbols[i + 1])
            pairs[pair] = pairs.get(pair, 0) + count
    if not pairs:
        break
    best = max(pairs, key=lambda pair: (pairs[pair], pair))
    merges.append(best)
    merged = {}
    for symbols, count in vocab.items():
        out = []
        i = 0
        while i < len(symbols):
            if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == best:
                out.append(symbols[i] + symbols[i + 1])
                i += 2
            else:
                out.append(symbols[i])
                i += 1
        merged[tuple(out)] = count
    vocab = merged
print(len(merges), merges[:4], sorted(vocab)[:2])
