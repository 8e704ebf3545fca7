"""GPT-2 in plain NumPy: reads a prompt from the command line and prints it with its continuation.

    python models/gpt2.py PROMPT [N_TOKENS_TO_GENERATE]

Text is a sequence of bytes here, so the vocabulary has 256 entries. The weights come from gpt2.npz
beside this file; train_gpt2.py makes them. Every array is float32. Constants are taken with `math`
because a NumPy scalar such as np.sqrt(2) is a float64 and would promote all that it touches.
"""

import math
import os
import sys

import numpy as np


def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    exp_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)


def layer_norm(x, g, b, eps=1e-5):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mean) / np.sqrt(variance + eps) + b


def linear(x, w, b):  # [m, in], [in, out], [out] -> [m, out]
    return x @ w + b


def ffn(x, c_fc, c_proj):  # [n_seq, n_embd] -> [n_seq, n_embd]
    return linear(gelu(linear(x, **c_fc)), **c_proj)


def attention(q, k, v, mask):  # [n_q, d], [n_k, d], [n_k, d], [n_q, n_k] -> [n_q, d]
    return softmax(q @ k.T / math.sqrt(q.shape[-1]) + mask) @ v


def mha(x, c_attn, c_proj, n_head):  # [n_seq, n_embd] -> [n_seq, n_embd]
    x = linear(x, **c_attn)  # [n_seq, 3 * n_embd]
    qkv = np.split(x, 3, axis=-1)  # three of [n_seq, n_embd]
    # three lists of n_head arrays, each [n_seq, n_embd / n_head]
    qkv_heads = list(map(lambda x: np.split(x, n_head, axis=-1), qkv))
    causal_mask = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10  # [n_seq, n_seq]
    out_heads = [attention(q, k, v, causal_mask) for q, k, v in zip(*qkv_heads)]
    return linear(np.hstack(out_heads), **c_proj)


def transformer_block(x, mlp, attn, ln_1, ln_2, n_head):  # [n_seq, n_embd] -> [n_seq, n_embd]
    x = x + mha(layer_norm(x, **ln_1), **attn, n_head=n_head)
    x = x + ffn(layer_norm(x, **ln_2), **mlp)
    return x


def gpt2(inputs, wte, wpe, blocks, ln_f, n_head):  # n_seq ids -> logits [n_seq, n_vocab]
    x = wte[inputs] + wpe[range(len(inputs))]
    for block in blocks:
        x = transformer_block(x, **block, n_head=n_head)
    return layer_norm(x, **ln_f) @ wte.T


def generate(inputs, params, n_head, n_tokens_to_generate):
    for _ in range(n_tokens_to_generate):
        logits = gpt2(inputs, **params, n_head=n_head)
        next_id = np.argmax(logits[-1])
        inputs.append(int(next_id))
    return inputs[len(inputs) - n_tokens_to_generate :]


def nest(arrays):
    """Turns {"blocks.0.ln_1.g": array, ...} into {"blocks": [{"ln_1": {"g": array}}], ...}.

    The blocks are expected in order.
    """
    tree = {"blocks": []}
    for name, array in arrays.items():
        *path, leaf = name.split(".")
        node = tree
        for part in path:
            if part.isdigit():
                if int(part) == len(node):
                    node.append({})
                node = node[int(part)]
            else:
                node = node.setdefault(part, {})
        node[leaf] = array
    return tree


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: gpt2.py PROMPT [N_TOKENS_TO_GENERATE]")
    prompt = sys.argv[1]
    n_tokens_to_generate = int(sys.argv[2]) if len(sys.argv) > 2 else 24

    params = nest(np.load(os.path.join(os.path.dirname(__file__), "gpt2.npz")))
    n_head = 4
    n_ctx = len(params["wpe"])

    input_ids = list(prompt.encode())
    assert len(input_ids) + n_tokens_to_generate < n_ctx
    output_ids = generate(input_ids, params, n_head, n_tokens_to_generate)
    print(prompt + bytes(output_ids).decode(errors="replace"))


if __name__ == "__main__":
    main()
