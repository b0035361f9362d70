import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NnError } from "../../errors.ts";
import { parseIdx } from "./parse_idx.ts";
import { readCsv } from "./read_csv.ts";
import { readJsonl } from "./read_jsonl.ts";
import { textLines, type TextSource, textSource } from "./text_source.ts";

/** A text in pieces of some characters, however they fall. */
function inPieces(text: string, size: number): TextSource {
  async function* chunks() {
    for (let at = 0; at < text.length; at += size) {
      yield await Promise.resolve(text.slice(at, at + size));
    }
  }
  return { name: "data/file", chunks: chunks() };
}

async function refusal(work: () => Promise<unknown>): Promise<NnError> {
  const error = await assertRejects(work, NnError);
  assertEquals(error.code, "DATA_UNREADABLE");
  return error;
}

Deno.test("textLines() gives the same lines however the text comes", async () => {
  const text = "one\r\n\ntwo words\n🐋\nlast";
  const want = ["one", "", "two words", "🐋", "last"];
  for (const size of [1, 2, 3, 7, 100]) {
    const lines = await Array.fromAsync(textLines(inPieces(text, size)));
    assertEquals(lines.map(({ text }) => text), want);
    assertEquals(lines.map(({ line }) => line), [1, 2, 3, 4, 5]);
  }
  assertEquals(await Array.fromAsync(textLines(inPieces("", 1))), []);
});

Deno.test("readJsonl() names file, line and column of what is no JSON", async () => {
  const text = '{"a": 1}\n\n[1, 2\n';
  const seen: unknown[] = [];
  const error = await refusal(async () => {
    for await (const { value } of readJsonl(inPieces(text, 4))) {
      seen.push(value);
    }
  });
  assertEquals(seen, [{ a: 1 }]);
  assert(
    error.message.startsWith("Cannot read data/file:3:6: "),
    error.message,
  );
  for (
    const [text, column] of [
      ['{"a": tru}', 10],
      ["nope", 2],
      ['{"a" 1}', 6],
      ['["un', 5],
      ["[1]]", 4],
      ["[1,,2]", 4],
    ] as const
  ) {
    const { details } = await refusal(() =>
      Array.fromAsync(readJsonl(textSource("x", text)))
    );
    assertEquals(details, { name: "x", line: 1, column }, text);
  }
});

Deno.test("readCsv() understands quotes, breaks and a byte order mark, in any pieces", async () => {
  const text =
    '\ufeffname,age\r\n"Lovelace, Ada",36\r\n"two\nlines ""quoted""", 7 \r\n\r\n';
  for (const size of [1, 5, 1000]) {
    const rows = await Array.fromAsync(
      readCsv(inPieces(text, size)),
      (row) => [row.line, row.text("name"), row.number("age")],
    );
    assertEquals(rows, [[2, "Lovelace, Ada", 36], [
      4,
      'two\nlines "quoted"',
      7,
    ]]);
  }
});

Deno.test("readCsv() takes names and delimiters that it is told", async () => {
  const rows = readCsv(textSource("x", "1;2\n3;4\n"), {
    delimiter: ";",
    columns: ["a", "b"],
  });
  assertEquals(await Array.fromAsync(rows, (row) => row.number("b")), [2, 4]);
});

Deno.test("readCsv() names file, line and column of what is wrong", async () => {
  const rows = await Array.fromAsync(
    readCsv(textSource("people.csv", "name,age\nAda,old\nBob,\n")),
  );
  for (const [row, problem] of [[0, 'found "old"'], [1, 'found ""']] as const) {
    const error = assertThrows(
      () => rows[row]!.number("age"),
      NnError,
      problem,
    );
    assertEquals(error.details, {
      name: "people.csv",
      line: row + 2,
      column: "age",
    });
  }
  assertThrows(
    () => rows[0]!.text("size"),
    NnError,
    'people.csv:2:size: found the columns "name", "age"',
  );
  const ragged = await refusal(() =>
    Array.fromAsync(readCsv(textSource("x.csv", "a,b\n1,2\n3\n")))
  );
  assertEquals(ragged.details.line, 3);
  const open = await refusal(() =>
    Array.fromAsync(readCsv(textSource("x.csv", 'a,b\n"1,2\n')))
  );
  assert(open.message.includes("CSV_QUOTE_NOT_CLOSED"), open.message);
});

Deno.test("readCsv() ends with its reader, and fails with its source", async () => {
  let pulled = 0;
  async function* endless() {
    while (true) {
      pulled++;
      yield await Promise.resolve("1,2\n");
    }
  }
  for await (
    const row of readCsv({ name: "x", chunks: endless() }, {
      columns: ["a", "b"],
    })
  ) {
    if (row.line === 3) break;
  }
  const seen = pulled;
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  assert(pulled <= seen + 1, "nobody reads on");
  async function* failing() {
    yield await Promise.resolve("a\n1\n");
    throw new TypeError("the disk is gone");
  }
  await assertRejects(
    () => Array.fromAsync(readCsv({ name: "x", chunks: failing() })),
    TypeError,
    "the disk is gone",
  );
});

Deno.test.each<{ name: string; code: number; body: number[]; want: number[] }>([
  { name: "bytes", code: 0x08, body: [1, 255], want: [1, 255] },
  { name: "signed bytes", code: 0x09, body: [1, 255], want: [1, -1] },
  { name: "short numbers", code: 0x0b, body: [0, 1, 255, 254], want: [1, -2] },
  {
    name: "numbers",
    code: 0x0c,
    body: [0, 0, 1, 0, 255, 255, 255, 255],
    want: [256, -1],
  },
  {
    name: "fractions",
    code: 0x0d,
    body: [0x3f, 0xc0, 0, 0, 0xbf, 0, 0, 0],
    want: [1.5, -0.5],
  },
  {
    name: "long fractions",
    code: 0x0e,
    body: [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xbf, 0xe0, 0, 0, 0, 0, 0, 0],
    want: [1.5, -0.5],
  },
])("parseIdx() reads $name", ({ code, body, want }) => {
  const bytes = Uint8Array.of(0, 0, code, 2, 0, 0, 0, 2, 0, 0, 0, 1, ...body);
  const { shape, data } = parseIdx(bytes, { name: "x" });
  assertEquals([shape, [...data]], [[2, 1], want]);
  assertEquals(data instanceof Int32Array, code < 0x0d);
});

Deno.test.each<{ name: string; bytes: number[]; problem: string }>([
  { name: "nothing", bytes: [], problem: "no IDX header" },
  { name: "another format", bytes: [1, 2, 8, 1, 0], problem: "no IDX header" },
  { name: "an unknown element", bytes: [0, 0, 7, 0], problem: "no IDX header" },
  {
    name: "half a header",
    bytes: [0, 0, 8, 1, 0],
    problem: "found 5 bytes, wanted 8",
  },
  {
    name: "too little",
    bytes: [0, 0, 8, 1, 0, 0, 0, 2, 1],
    problem: "wanted 10 for shape [2]",
  },
  {
    name: "too much",
    bytes: [0, 0, 8, 0, 1, 2],
    problem: "wanted 5 for shape []",
  },
])("parseIdx() refuses $name", ({ bytes, problem }) => {
  const error = assertThrows(
    () => parseIdx(Uint8Array.from(bytes), { name: "labels" }),
    NnError,
    problem,
  );
  assertEquals(error.code, "DATA_UNREADABLE");
});
