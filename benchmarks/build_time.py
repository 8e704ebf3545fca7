"""How long programs take to build, by what is in them.

    python benchmarks/build_time.py [--only generate million] [--runs 3] [--timeout 60] [--list]

Example: `python benchmarks/build_time.py --only nested --timeout 20`

Each program is written to a temporary folder and built in fresh processes. Printed are: the median
seconds from source to executable (imports of Fleet not counted), of these the seconds of the front
end (parsing and evaluation), bytes of the executable, lines of source per second, and, for programs
whose work is done while they are built, the processor's seconds that CPython takes for the same
source in a process of its own (the least of five runs), and how many times as many the front end
takes, less what it takes for an empty program. A build that takes longer than --timeout, more than
--memory, or is rejected, says so in its row.

What it shows: build time should depend on a program's text and structure, not on trip counts or
data. So `nested 8` should take a few times as long as `nested 1`, `generate 64` as long as
`generate 1`, and `million` next to nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWN = Path(__file__).resolve().parent / "known"
"""Programs whose work is done while they are built."""


@dataclass(frozen=True)
class Program:
    """source: made when it is needed. beside: whether CPython runs it, too."""

    source: Callable[[], str]
    beside: bool = False


# -- programs


def nested(depth: int) -> str:
    lines = ["import sys", "n = int(sys.argv[1])", "x = 0"]
    lines += ["    " * level + f"for i{level} in range(n):" for level in range(depth)]
    lines += ["    " * depth + f"x = (x * 3 + i{depth - 1}) % 1009", "print(x)"]
    return "\n".join(lines) + "\n"


def steps(count: int) -> str:
    body = "a = a * 2 % 50\n" * count
    return f"import numpy as np\na = np.arange(4)\n{body}print(a)\n"


HISTOGRAM = """
import numpy as np
rng = np.random.default_rng(3)
data = rng.normal(50, 10, 1000)
lo, hi = data.min(), data.max()
counts = [0] * 10
for v in data:
    k = min(int((v - lo) / (hi - lo) * 10), 9)
    counts[k] += 1
for k in range(10):
    print(f"{lo + k * (hi - lo) / 10:7.2f} | {'#' * (counts[k] // 5)} {counts[k]}")
print("std", data.std())
"""

MILLION = """
x = 1
for i in range(10**6):
    x = (x * 31 + i) % 1000003
print(x)
"""

GENERATE = """
import math
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

def linear(x, w, b):
    return x @ w + b

def ffn(x, c_fc, c_proj):
    return linear(gelu(linear(x, **c_fc)), **c_proj)

def attention(q, k, v, mask):
    return softmax(q @ k.T / math.sqrt(q.shape[-1]) + mask) @ v

def mha(x, c_attn, c_proj, n_head):
    x = linear(x, **c_attn)
    qkv_heads = list(map(lambda x: np.split(x, n_head, axis=-1), np.split(x, 3, axis=-1)))
    causal_mask = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10
    out_heads = [attention(q, k, v, causal_mask) for q, k, v in zip(*qkv_heads)]
    return linear(np.hstack(out_heads), **c_proj)

def transformer_block(x, mlp, attn, ln_1, ln_2, n_head):
    x = x + mha(layer_norm(x, **ln_1), **attn, n_head=n_head)
    return x + ffn(layer_norm(x, **ln_2), **mlp)

def gpt2(inputs, wte, wpe, blocks, ln_f, n_head):
    x = wte[inputs] + wpe[range(len(inputs))]
    for block in blocks:
        x = transformer_block(x, **block, n_head=n_head)
    return layer_norm(x, **ln_f) @ wte.T

def generate(inputs, params, n_head, n_tokens):
    for _ in range(n_tokens):
        logits = gpt2(inputs, **params, n_head=n_head)
        inputs.append(int(np.argmax(logits[-1])))
    return inputs[len(inputs) - n_tokens :]

np.random.seed(7)
N_EMBD, N_LAYER, N_VOCAB, N_CTX = 32, 3, 50, 100

def weights(*shape):
    return np.random.randn(*shape).astype(np.float32) * np.float32(0.2)

def dense(a, b):
    return {"w": weights(a, b), "b": weights(b)}

def norm():
    return {"g": np.ones(N_EMBD, np.float32), "b": np.zeros(N_EMBD, np.float32)}

params = {
    "wte": weights(N_VOCAB, N_EMBD), "wpe": weights(N_CTX, N_EMBD), "ln_f": norm(),
    "blocks": [
        {"mlp": {"c_fc": dense(N_EMBD, 4 * N_EMBD), "c_proj": dense(4 * N_EMBD, N_EMBD)},
         "attn": {"c_attn": dense(N_EMBD, 3 * N_EMBD), "c_proj": dense(N_EMBD, N_EMBD)},
         "ln_1": norm(), "ln_2": norm()}
        for _ in range(N_LAYER)
    ],
}
print(generate([3, 1, 4], params, 4, TOKENS))
"""

MERGES = """
merges = {}
ranks = []
for i in range(50000):
    pair = (i * 7919 % 65536, i * 104729 % 65536)
    merges[pair] = i
    ranks.append(pair)
print(len(merges), merges[ranks[-1]])
"""

TABLE = """
table = [[(i * j) % 251 for j in range(256)] for i in range(256)]
index = {f"k{i}": i * i for i in range(20000)}
print(sum(map(sum, table)), len(index), index["k77"])
"""

PARSING = '''
text = "\\n".join(f"key{i} = {i * 3} ; comment {i}" for i in range(10000))
config = {}
for line in text.splitlines():
    line = line.split(";")[0].strip()
    if not line or line.startswith("#"):
        continue
    name, _, value = line.partition("=")
    config[name.strip()] = int(value)
words = {}
for word in text.split():
    words[word] = words.get(word, 0) + 1
print(len(config), config["key99"], len(words), words["comment"])
'''


def _text(source: str, **values: object) -> Callable[[], str]:
    for name, value in values.items():
        source = source.replace(name, str(value))
    return lambda: source.lstrip("\n")


PROGRAMS: dict[str, Program] = {
    **{f"nested {depth}": Program(lambda depth=depth: nested(depth)) for depth in range(1, 9)},
    "histogram of 1000": Program(_text(HISTOGRAM), beside=True),
    "million": Program(_text(MILLION), beside=True),
    **{f"generate {count}": Program(_text(GENERATE, TOKENS=count)) for count in (1, 8, 64)},
    "generate argv": Program(_text(GENERATE, TOKENS="int(sys.argv[1])")),
    **{f"{count} array steps": Program(lambda count=count: steps(count)) for count in (20, 80)},
    "50,000 lines": Program(lambda: "x = 0\n" + "x = x + 1\n" * 50_000 + "print(x)\n", beside=True),
    "literal of 200,000": Program(
        lambda: f"x = [{', '.join(map(str, range(200_000)))}]\nprint(len(x), sum(x))\n", beside=True
    ),
    "merges of a tokenizer": Program(_text(MERGES), beside=True),
    "tables by comprehension": Program(_text(TABLE), beside=True),
    "parsing a configuration": Program(_text(PARSING), beside=True),
    **{f"known {path.stem}": Program(functools.partial(path.read_text, encoding="utf-8"), True)
       for path in sorted(KNOWN.glob("*.py"))},
}
"""By name; --only takes the beginning of a name."""


# -- measuring


def measure(path: Path, memory: int) -> dict[str, object]:
    """In a process of its own: what one build takes."""
    sys.path.insert(0, str(ROOT))
    from fleet import driver  # here, because it is not the parent's business to load it
    from fleet.diagnostics import FleetError

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    nothing = path.with_name("nothing.py")
    nothing.write_text("pass\n", encoding="utf-8")
    driver.lower(str(nothing), driver.STAGES[:1])  # the first one reads the prelude
    before = time.process_time()
    driver.lower(str(nothing), driver.STAGES[:1])
    fixed = time.process_time() - before
    begin, before = time.perf_counter(), time.process_time()
    front = busy = 0.0

    def on_stage(name: str) -> None:
        nonlocal front, busy
        if front == 0.0 and name == driver.STAGES[0].description:
            front = time.perf_counter() - begin
            busy = time.process_time() - before

    output = path.with_suffix(".elf")
    try:
        driver.build(str(path), output, on_stage=on_stage)
    except FleetError as error:
        return {"problem": f"rejected: {error.message}"}
    except (MemoryError, RecursionError) as error:
        return {"problem": type(error).__name__}
    seconds = time.perf_counter() - begin
    return {
        "seconds": seconds, "front": front, "size": output.stat().st_size, "busy": busy - fixed
    }  # fmt: skip


def measure_cpython(path: Path) -> dict[str, object]:
    """In a process of its own: what compiling and running the program takes."""
    text = path.read_text(encoding="utf-8")
    found = []
    for _ in range(5):
        before = time.process_time()
        code = compile(text, str(path), "exec")
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"__name__": "__main__"})
        found.append(time.process_time() - before)
    return {"cpython": min(found)}


def measure_apart(path: Path, beside: bool, options: argparse.Namespace) -> dict[str, object]:
    command = [sys.executable, __file__, "--measure", str(path), *(["--beside"] if beside else []),
               "--memory", str(options.memory)]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        return {"problem": f"over {options.timeout:.0f} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return {"problem": f"fails: {last[:60]}"}
    return json.loads(done.stdout.splitlines()[-1])


def row(name: str, program: Program, folder: Path, options: argparse.Namespace) -> str:
    source = program.source()
    path = folder / "program.py"
    path.write_text(source, encoding="utf-8")
    results = []
    for _ in range(options.runs):
        results.append(measure_apart(path, False, options))
        if program.beside and "problem" not in results[-1]:
            results[-1] |= measure_apart(path, True, options)
        if "problem" in results[-1]:
            return f"{name:<26}{results[-1]['problem']}"

    def middle(key: str) -> float:
        return statistics.median(result[key] for result in results)

    lines = source.count("\n")
    text = (f"{name:<26}{middle('seconds'):9.3f}{middle('front'):9.3f}{middle('size'):13,.0f}"
            f"{lines / middle('seconds'):11,.0f}")  # fmt: skip
    if program.beside:
        text += f"{middle('cpython'):9.3f}{middle('busy') / middle('cpython'):9.1f}"
    return text


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", help="programs whose names begin so")
    parser.add_argument("--runs", type=int, default=3, help="builds of each (default: 3)")
    parser.add_argument("--timeout", type=float, default=60, help="seconds (default: 60)")
    parser.add_argument("--memory", type=float, default=4, help="gigabytes (default: 4)")
    parser.add_argument("--list", action="store_true", help="print the programs' names")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--beside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.measure:
        path, memory = Path(options.measure), int(options.memory * 2**30)
        found = measure_cpython(path) if options.beside else measure(path, memory)
        print(json.dumps(found))
        return
    chosen = [name for name in PROGRAMS if name.startswith(tuple(options.only or [""]))]
    if not chosen:
        sys.exit(f"error: no program's name begins so; there are {', '.join(PROGRAMS)}")
    if options.list:
        print("\n".join(chosen))
        return
    print(f"{'program':<26}{'build s':>9}{'front s':>9}{'bytes':>13}{'lines/s':>11}"
          f"{'CPython':>9}{'ratio':>9}")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="fleet-build-time-") as folder:
        for name in chosen:
            print(row(name, PROGRAMS[name], Path(folder), options), flush=True)


if __name__ == "__main__":
    main()
