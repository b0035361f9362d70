import type {
  MatrixElement,
  MatrixRow,
  RowIndex,
  RowProgram,
  RowScalar,
  RowStatement,
  ScalarBinaryFn,
  Stretch,
} from "../../ir/mod.ts";
import { numberText } from "../wgsl/numbers.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";

/** The gap between 1 and the next `f32`. */
const EPSILON = 2 ** -23;

const OPERATORS: Readonly<
  Record<Exclude<ScalarBinaryFn, "equal" | "less">, string>
> = { add: "+", div: "/", mul: "*", sub: "-" };

/** What a workgroup has for its program. */
export interface ProgramPlace {
  /** Name of the array in which its matrices lie, of 32-bit words. */
  readonly work: string;
  /** Where in it each matrix begins, an `i32`. */
  readonly origins: readonly string[];
  /** Invocations of the workgroup. */
  readonly threads: number;
}

/**
 * Writes the steps of a row program. All invocations of a workgroup compute all scalars, and share the
 * columns of rows among them; before and after each change of a matrix they wait for one another.
 */
export class ProgramText {
  readonly #shader: ShaderText;
  readonly #program: RowProgram;
  readonly #place: ProgramPlace;
  readonly #flag: string;
  #lines: string[] = [];

  /**
   * Constructs a new instance.
   *
   * @param shader Where to write.
   * @param program The program.
   * @param place Where its matrices lie, and who works on them.
   */
  constructor(shader: ShaderText, program: RowProgram, place: ProgramPlace) {
    this.#shader = shader;
    this.#program = program;
    this.#place = place;
    this.#flag = shader.shared("u32");
    shader.helper("ofBits");
    shader.function(dotText(shader, place));
  }

  /** Writes all steps. */
  lines(): readonly string[] {
    const { registers, body } = this.#program;
    for (let i = 0; i < registers; i++) this.#lines.push(`var r_${i} = 0.0;`);
    this.#emit(body);
    return this.#lines;
  }

  #emit(body: readonly RowStatement[]): void {
    for (const statement of body) {
      this.#lines.push("{");
      this.#step(statement);
      this.#lines.push("}");
    }
  }

  #step(statement: RowStatement): void {
    switch (statement.kind) {
      case "set": {
        const value = this.#scalar(statement.value);
        this.#lines.push(`r_${statement.register} = ${value};`);
        return;
      }
      case "store": {
        const value = this.#scalar(statement.value);
        const at = this.#at(statement.target);
        const store = `${this.#word(at)} = bitcast<u32>(${value});`;
        return this.#alone([`if (thread == 0u) { ${store} }`]);
      }
      case "addScaled": {
        const factor = this.#scalar(statement.factor);
        const { target, source } = statement;
        return this.#along(statement, [target, source], ([x, y]) => [
          `${x} + ${factor} * ${y}`,
        ]);
      }
      case "scale": {
        const factor = this.#scalar(statement.factor);
        return this.#along(statement, [statement.target], ([x]) => [
          `${x} * ${factor}`,
        ]);
      }
      case "swap":
        return this.#along(
          statement,
          [statement.left, statement.right],
          ([x, y]) => [y!, x!],
        );
      case "rotate": {
        const cosine = this.#scalar(statement.cosine);
        const sine = this.#scalar(statement.sine);
        const turned = (text: string, x: string) =>
          `select(${text}, ${x}, ${sine} == 0.0)`;
        return this.#along(
          statement,
          [statement.left, statement.right],
          ([x, y]) => [
            turned(`${cosine} * ${x} - ${sine} * ${y}`, x!),
            turned(`${sine} * ${x} + ${cosine} * ${y}`, y!),
          ],
        );
      }
      case "loop": {
        const i = `i_${statement.loop}`;
        const [from, to] = this.#range(statement);
        this.#lines.push(
          statement.isReverse
            ? `for (var ${i} = ${to} - 1; ${i} >= ${from}; ${i}--) {`
            : `for (var ${i} = ${from}; ${i} < ${to}; ${i}++) {`,
        );
        this.#emit(statement.body);
        this.#lines.push("}");
        return;
      }
      case "repeat":
        return this.#repeat(statement);
      default:
        return statement satisfies never;
    }
  }

  /** The condition goes through shared memory, for a branch that all invocations are sure to take. */
  #repeat(
    { times, whileNotZero, body }: Extract<RowStatement, { kind: "repeat" }>,
  ): void {
    const time = this.#shader.fresh("t");
    this.#lines.push(`for (var ${time} = 0; ${time} < ${times}; ${time}++) {`);
    this.#emit(body);
    this.#lines.push(
      `if (thread == 0u) { ${this.#flag} = select(1u, 0u, r_${whileNotZero} == 0.0); }`,
      `if (workgroupUniformLoad(&${this.#flag}) == 0u) { break; }`,
      "}",
    );
  }

  /** Gives the elements of rows new values. */
  #along(
    stretch: Stretch,
    rows: readonly MatrixRow[],
    change: (values: readonly string[]) => readonly string[],
  ): void {
    const [from, to] = this.#range(stretch);
    const starts = rows.map((row) => this.#keep("i32", this.#start(row)));
    const j = this.#shader.fresh("j");
    const names = rows.map(() => this.#shader.fresh("x"));
    const words = starts.map((start) => this.#word(`${start} + ${j}`));
    const values = change(names);
    this.#alone([
      `for (var ${j} = ${from} + i32(thread); ${j} < ${to}; ${j} += ${this.#place.threads}) {`,
      ...names.map((name, i) => `let ${name} = ofBits(${words[i]});`),
      ...values.map((value, i) => `${words[i]} = bitcast<u32>(${value});`),
      "}",
    ]);
  }

  /** Writes what changes matrices, when nobody reads them. */
  #alone(lines: readonly string[]): void {
    const barrier = "storageBarrier();";
    this.#lines.push(barrier, ...lines, barrier);
  }

  #scalar(scalar: RowScalar): string {
    if (typeof scalar === "number") return numberText(scalar, "float32");
    switch (scalar.kind) {
      case "epsilon":
        return numberText(EPSILON, "float32");
      case "register":
        return `r_${scalar.register}`;
      case "index":
        return `f32(${this.#index(scalar.index)})`;
      case "element":
        return this.#keep("f32", `ofBits(${this.#word(this.#at(scalar))})`);
      case "dot": {
        const [from, to] = this.#range(scalar);
        const [left, right] = [scalar.left, scalar.right].map((row) =>
          this.#start(row)
        );
        const rows = `${left} + ${from}, ${right} + ${from}`;
        return this.#keep("f32", `dotRows(${rows}, ${to} - ${from}, thread)`);
      }
      case "unary": {
        const x = this.#scalar(scalar.x);
        return scalar.fn === "neg" ? `(-${x})` : `${scalar.fn}(${x})`;
      }
      case "binary": {
        const [left, right] = [
          this.#scalar(scalar.left),
          this.#scalar(scalar.right),
        ];
        if (scalar.fn === "less") return truth(`${left} < ${right}`);
        if (scalar.fn === "equal") return truth(`${left} == ${right}`);
        return `(${left} ${OPERATORS[scalar.fn]} ${right})`;
      }
      case "select": {
        const [condition, whenTrue, whenFalse] = [
          scalar.condition,
          scalar.whenTrue,
          scalar.whenFalse,
        ].map((part) => this.#scalar(part));
        return `select(${whenTrue}, ${whenFalse}, ${condition} == 0.0)`;
      }
      default:
        return scalar satisfies never;
    }
  }

  /** A value as it is now: matrices and registers may change before it is used. */
  #keep(type: "f32" | "i32", value: string): string {
    const name = this.#shader.fresh("v");
    this.#lines.push(`let ${name}: ${type} = ${value};`);
    return name;
  }

  #word(at: string): string {
    return `${this.#place.work}[u32(${at})]`;
  }

  #at(element: MatrixElement): string {
    const { columns } = this.#program.matrices[element.matrix]!;
    return `${this.#start(element)} + ${this.#within(element.column, columns)}`;
  }

  /** Where a row begins. */
  #start({ matrix, row }: MatrixRow): string {
    const { rows, columns } = this.#program.matrices[matrix]!;
    const line = this.#within(row, rows);
    return `${this.#place.origins[matrix]} + ${line} * ${columns}`;
  }

  #range({ from, to }: Stretch): readonly [string, string] {
    return [this.#index(from), this.#index(to)];
  }

  #within(index: RowIndex, size: number): string {
    const isHeld = typeof index !== "number" && index.kind === "held";
    const whole = this.#index(index);
    return isHeld ? `clamp(${whole}, 0, ${size - 1})` : whole;
  }

  #index(index: RowIndex): string {
    if (typeof index === "number") return `${index}`;
    if (index.kind === "held") return `i32(r_${index.register})`;
    return index.plus === 0
      ? `i_${index.loop}`
      : `(i_${index.loop} + ${index.plus})`;
  }
}

function truth(condition: string): string {
  return `select(0.0, 1.0, ${condition})`;
}

/** The function that sums products of two rows. */
function dotText(
  shader: ShaderText,
  { work, threads }: ProgramPlace,
): string {
  const sums = shader.shared(`array<f32, ${threads}>`);
  const halvings: string[] = [];
  for (let step = threads / 2; step >= 1; step /= 2) {
    const both = `${sums}[thread] += ${sums}[thread + ${step}u];`;
    halvings.push(
      `if (thread < ${step}u) { ${both} }`,
      "workgroupBarrier();",
    );
  }
  return `fn dotRows(left: i32, right: i32, count: i32, thread: u32) -> f32 {
  storageBarrier();
  var sum = 0.0;
  for (var j = i32(thread); j < count; j += ${threads}) {
    sum += ofBits(${work}[u32(left + j)]) * ofBits(${work}[u32(right + j)]);
  }
  ${sums}[thread] = sum;
  workgroupBarrier();
  ${halvings.join("\n  ")}
  let total = ${sums}[0];
  workgroupBarrier();
  return total;
}`;
}
