/**
 * Writes `docs/operators.md`: a row for each built-in operator, from what the operators and their facts
 * say.
 *
 * `deno task docs:operators`
 *
 * @module
 */
import { type DType, DTYPES, isFloatDType } from "../core/base/mod.ts";
import type { Kernel } from "../kernels/ir/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { refusalOf } from "../kernels/webgpu/refusal.ts";
import {
  BUILTIN_FACTS,
  drawSample,
  type OperatorFacts,
} from "../ops/check/mod.ts";
import {
  apply,
  BUILTIN_OPERATORS,
  makePlan,
  type Operator,
  tensor,
} from "../ops/mod.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["ops/builtin", "ops/linalg", "ops/fft"];

/** Tells why a backend does not take a kernel. */
type Refusal = (kernel: Kernel) => string | undefined;

/** The limits that every WebGPU device grants. */
const WEBGPU_LIMITS = {
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 2 ** 27,
  minStorageBufferOffsetAlignment: 256,
};

/** Dtypes that stand together under one word. */
const GROUPS: Readonly<Record<string, readonly DType[]>> = {
  all: DTYPES,
  numbers: DTYPES.filter((dtype) => dtype !== "bool"),
  fractions: DTYPES.filter(isFloatDType),
};

const INTRODUCTION = `# Operators

Made by \`deno task docs:operators\` from the operators and from what \`ops/check/samples/\` says of them; a
test holds it against both. What a row promises is checked for every operator: that it takes these
dtypes, refuses others and computes the same on every backend, that its slopes are those of central
differences in \`float64\` (to 1e-6, those of slopes to 1e-5) or that there are none, and that it gives
what PyTorch does, where PyTorch has it.

**Dtypes**: \`all\` are ${
  DTYPES.map((dtype) => `\`${dtype}\``).join(", ")
}; \`numbers\` all but \`bool\`;
\`fractions\` the last three. They are those of the inputs whose dtype is not named beside them. WebGPU
stands for what every device grants, 8 arrays a kernel; most grant more.
**Gradient**: whether there is one, and where the slope jumps or is none; **twice**: whether the gradient
has one in turn.
`;

/** A file of operators. */
interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes the page.
 *
 * @returns Its text.
 */
export async function operatorsDoc(): Promise<string> {
  const files = await readSources();
  await using reference = createBackend("reference");
  await using wasm = createBackend("wasm");
  const backends: Readonly<Record<string, Refusal>> = {
    reference: (kernel) => reference.refuses(kernel),
    wasm: (kernel) => wasm.refuses(kernel),
    webgpu: (kernel) => refusalOf(kernel, WEBGPU_LIMITS),
  };
  const head = [
    "operator",
    "computes",
    "inputs; attributes",
    ...Object.keys(backends),
    "gradient",
    "twice",
    "source",
  ];
  const rows = [...BUILTIN_OPERATORS.values()]
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .map((operator) =>
      rowOf(operator, { files, refusals: Object.values(backends) })
    );
  return [
    INTRODUCTION,
    lineOf(head),
    lineOf(head.map(() => "---")),
    ...rows.map(lineOf),
    "",
  ].join("\n");
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function rowOf(operator: Operator, { files, refusals }: {
  readonly files: readonly SourceFile[];
  readonly refusals: readonly Refusal[];
}): string[] {
  const { name, description } = operator;
  const facts = BUILTIN_FACTS.get(name)!;
  return [
    `\`${name}\``,
    description,
    signatureOf(operator, facts),
    ...refusals.map((refusal) =>
      textOfDTypes(dtypesOn(operator, facts, refusal), facts)
    ),
    gradientOf(facts),
    facts.differentiable === "twice" ? "yes" : "no",
    sourceOf(name, files),
  ];
}

function signatureOf({ schema }: Operator, { samples }: OperatorFacts): string {
  const { inputs } = drawSample(samples[0]!);
  const names = schema.inputs.map((name, i) =>
    inputs[i]?.isPinned ? `${name} (\`${inputs[i].dtype}\`)` : name
  );
  const list = schema.isVariadic ? `${names.join(", ")}, …` : names.join(", ");
  const attributes = Object.keys(schema.attributes).join(", ");
  return [list, attributes].filter((part) => part !== "").join("; ") || "none";
}

/** The dtypes with which every sample becomes kernels that a backend takes. */
function dtypesOn(
  operator: Operator,
  facts: OperatorFacts,
  refusal: Refusal,
): DType[] {
  const { dtypes = DTYPES, samples } = facts;
  return dtypes.filter((dtype) =>
    samples.every((sample) => {
      const { inputs, attributes } = drawSample(sample, { ...facts, dtype });
      const nodes = inputs.map((input) => tensor(input.elements, input).node);
      const { program } = makePlan([apply(operator, nodes, attributes)]);
      return program.steps.every(({ kernel }) => refusal(kernel) === undefined);
    })
  );
}

function textOfDTypes(
  dtypes: readonly DType[],
  { samples }: OperatorFacts,
): string {
  const isFree = samples.some((sample) =>
    drawSample(sample).inputs.some(({ isPinned }) => !isPinned)
  );
  if (dtypes.length === 0) return "no";
  if (!isFree) return "yes";
  const group = Object.entries(GROUPS).find(([, members]) =>
    members.join() === dtypes.join()
  );
  return group?.[0] ?? dtypes.map((dtype) => `\`${dtype}\``).join(", ");
}

function gradientOf({ differentiable, kinks }: OperatorFacts): string {
  const word = {
    never: "no",
    estimated: "an estimate",
    once: "yes",
    twice: "yes",
  };
  return kinks ? `${word[differentiable]}; ${kinks}` : word[differentiable];
}

async function readSources(): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const folder of FOLDERS) {
    const names: string[] = [];
    for await (const { name, isFile } of readFolder(folder)) {
      if (isFile && name.endsWith(".ts") && !name.endsWith("_test.ts")) {
        names.push(name);
      }
    }
    for (const name of names.sort()) {
      const path = `${folder}/${name}`;
      files.push({ path, text: await Deno.readTextFile(new URL(path, ROOT)) });
    }
  }
  return files;
}

async function* readFolder(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(new URL(folder, ROOT));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The file that defines an operator, as a link, and what its documentation names as the source. */
function sourceOf(name: string, files: readonly SourceFile[]): string {
  const definitions = [
    new RegExp(`\\bname: "${name}"`),
    new RegExp(`^ {2}${name}: [\\[{"(a-z]`, "m"),
    new RegExp(`"${name}"`),
  ];
  for (const definition of definitions) {
    const file = files.find(({ text }) => definition.test(text));
    if (!file) continue;
    const at = definition.exec(file.text)!.index;
    const link = `[${file.path.split("/").at(-1)}](../${file.path})`;
    const named = namedSource(file.text.slice(0, at));
    return named === undefined ? link : `${link}: ${named}`;
  }
  throw new Error(`no file defines the operator "${name}"`);
}

/** What the last documentation before a place names as the source. */
function namedSource(before: string): string | undefined {
  const found = before.split("**Source**:").slice(1).at(-1);
  if (found === undefined) return undefined;
  const paragraph = found.split(/\n \*\s*\n|\*\/|\*\*/)[0]!;
  return paragraph.replace(/\n \*/g, "").replace(/\s+/g, " ")
    .replace(/\{@linkcode (\w+)\}/g, "`$1`").trim();
}

if (import.meta.main) {
  await Deno.writeTextFile(
    new URL("docs/operators.md", ROOT),
    await operatorsDoc(),
  );
}
