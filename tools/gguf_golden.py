"""Writes a small GGUF file of every kind of element that is read, and what its numbers are, with nothing but
Python's own packing of numbers: after `docs/gguf.md` and `ggml-quants.c` of ggml, not after this library.

`python3 tools/gguf_golden.py` keeps both in `tests/fixtures/gguf`; nobody else needs Python.
"""

import json
import random
import struct
from pathlib import Path

random.seed(11)
OUTPUT = Path(__file__).parent.parent / "tests" / "fixtures" / "gguf"


def text(s):
    raw = s.encode()
    return struct.pack("<Q", len(raw)) + raw


def half(x):
    return struct.unpack("<e", struct.pack("<e", x))[0]


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def brain(x):
    """The upper half of float32; the numbers are chosen so that nothing is cut off."""
    return struct.pack("<f", x)[2:]


def scale():
    return half(random.uniform(-0.1, 0.1))


def q8_0():
    d = scale()
    q = [random.randint(-127, 127) for _ in range(32)]
    return struct.pack("<e32b", d, *q), [d * x for x in q]


def nibbles(q):
    return bytes(q[j] | q[j + 16] << 4 for j in range(16))


def q4(has_minimum):
    d, m = scale(), scale() if has_minimum else 0
    q = [random.randint(0, 15) for _ in range(32)]
    head = struct.pack("<ee", d, m) if has_minimum else struct.pack("<e", d)
    values = [d * (x if has_minimum else x - 8) + m for x in q]
    return head + nibbles(q), values


def q5(has_minimum):
    d, m = scale(), scale() if has_minimum else 0
    q = [random.randint(0, 31) for _ in range(32)]
    head = struct.pack("<ee", d, m) if has_minimum else struct.pack("<e", d)
    high = sum((x >> 4) << j for j, x in enumerate(q))
    values = [d * (x if has_minimum else x - 16) + m for x in q]
    return head + struct.pack("<I", high) + nibbles([x & 15 for x in q]), values


def blocks(make, count):
    made = [make() for _ in range(count)]
    return b"".join(raw for raw, _ in made), [v for _, values in made for v in values]


def packed(code, values):
    return struct.pack(f"<{len(values)}{code}", *values), values


def reals(count):
    return [single(random.uniform(-2, 2)) for _ in range(count)]


# Name, number of the type, sizes from the one that runs fastest, bytes and numbers.
TENSORS = [
    ("plain.f32", 0, [3, 2], packed("f", reals(6))),
    ("plain.f16", 1, [4], packed("e", [half(x) for x in reals(4)])),
    ("plain.bf16", 30, [3], (brain(1.5) + brain(-0.375) + brain(96.0), [1.5, -0.375, 96.0])),
    ("plain.f64", 28, [2], packed("d", [0.5, -3.25])),
    ("plain.i8", 24, [3], packed("b", [-128, 0, 127])),
    ("plain.i16", 25, [2], packed("h", [-300, 300])),
    ("plain.i32", 26, [2], packed("i", [-70000, 70000])),
    ("plain.i64", 27, [2], packed("q", [-5, 2**31 - 1])),
    ("blocks.q4_0", 2, [64, 3], blocks(lambda: q4(False), 6)),
    ("blocks.q4_1", 3, [32, 2], blocks(lambda: q4(True), 2)),
    ("blocks.q5_0", 6, [32, 2], blocks(lambda: q5(False), 2)),
    ("blocks.q5_1", 7, [32], blocks(lambda: q5(True), 1)),
    ("blocks.q8_0", 8, [32, 2, 2], blocks(q8_0, 4)),
    ("blocks.q6_k", 14, [256], (bytes(210), [])),
]

METADATA = [
    ("general.architecture", 8, text("tiny"), "tiny"),
    ("general.alignment", 4, struct.pack("<I", 64), 64),
    ("a.bool", 7, b"\x01", True),
    ("a.float", 6, struct.pack("<f", 0.25), 0.25),
    ("a.large", 11, struct.pack("<q", -(2**40)), -(2**40)),
    ("a.list", 9, struct.pack("<IQ", 8, 2) + text("one") + text("zwei"), ["one", "zwei"]),
]


def main():
    head = b"GGUF" + struct.pack("<IQQ", 3, len(TENSORS), len(METADATA))
    for name, kind, raw, _ in METADATA:
        head += text(name) + struct.pack("<I", kind) + raw
    data = b""
    for name, kind, sizes, (raw, _) in TENSORS:
        data += bytes(-len(data) % 64)
        head += text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, len(data))
        data += raw
    head += bytes(-len(head) % 64)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "small.gguf").write_bytes(head + data)
    expected = {
        "metadata": {name: value for name, _, _, value in METADATA},
        "tensors": {
            name: {"type": kind, "shape": sizes[::-1], "data": values}
            for name, kind, sizes, (_, values) in TENSORS
        },
    }
    (OUTPUT / "small.json").write_text(json.dumps(expected, indent=2) + "\n")


main()
