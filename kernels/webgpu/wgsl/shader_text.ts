import { assertInvariant } from "../../../core/base/mod.ts";
import { type BoundArray, GROUPS_MAX, type Pass } from "../gpu_kernel.ts";
import { halfReader } from "./half_arrays.ts";
import type { HelperName } from "./helper.ts";
import { HELPERS } from "./helpers.ts";

/** What is still open when a shader has been written. */
export interface ShaderEnd {
  /** Invocations a workgroup. */
  readonly threads: number;
  /** How many workgroups are needed; `group` is the number of each in the body. */
  readonly workgroups: number;
  /** Statements of the entry point. `thread` is the invocation's number in its workgroup. */
  readonly body: readonly string[];
}

/** A shader that is being written: collects what its statements use. */
export class ShaderText {
  /** For each operand of the kernel, the number of its array among the step's. */
  readonly #slots: readonly number[];
  readonly #arrays: { array: BoundArray; name: string; isVectors: boolean }[] =
    [];
  readonly #helpers = new Set<HelperName>();
  readonly #shared: string[] = [];
  readonly #functions: string[] = [];
  readonly #halves = new Set<string>();
  #names = 0;

  /**
   * Constructs a new instance.
   *
   * @param slots For each operand, the number of its array: two that lie in one array share it, since
   * WebGPU does not take an array twice where it is written.
   */
  constructor(slots: readonly number[]) {
    this.#slots = slots;
  }

  /**
   * Names a variable.
   *
   * @param letter What its name begins with.
   * @returns A name that no other has.
   */
  fresh(letter: string): string {
    return `${letter}_${this.#names++}`;
  }

  /**
   * Binds the array of an operand.
   *
   * @param operand Number of the operand.
   * @returns The name of the array, of 32-bit words.
   */
  operand(operand: number): string {
    return this.#bind({
      of: "step",
      place: this.#slots[operand]!,
      isWritten: false,
    });
  }

  /**
   * Binds the array of the output.
   *
   * @returns The name of the array, of 32-bit words.
   */
  output(): string {
    return this.#bind({ of: "step", place: 0, isWritten: true });
  }

  /**
   * Binds the array of an operand that is read by vectors only, as are those that share it.
   *
   * @param operand Number of the operand.
   * @returns The name of the array, of vectors of four 32-bit words.
   */
  operandVectors(operand: number): string {
    return this.#bind({
      of: "step",
      place: this.#slots[operand]!,
      isWritten: false,
    }, { isVectors: true });
  }

  /**
   * Binds the array of the output, which is written by vectors only.
   *
   * @returns The name of the array, of vectors of four 32-bit words.
   */
  outputVectors(): string {
    const array = { of: "step", place: 0, isWritten: true } as const;
    return this.#bind(array, { isVectors: true });
  }

  /**
   * Binds an array of the kernel's own.
   *
   * @param place Its number.
   * @param isWritten Whether it is written.
   * @returns The name of the array, of 32-bit words.
   */
  scratch(
    place: number,
    { isWritten }: { readonly isWritten: boolean },
  ): string {
    return this.#bind({ of: "scratch", place, isWritten });
  }

  /**
   * Binds an array of the kernel's own by vectors only.
   *
   * @param place Its number.
   * @param isWritten Whether it is written.
   * @returns The name of the array, of vectors of four 32-bit words.
   */
  scratchVectors(
    place: number,
    { isWritten }: { readonly isWritten: boolean },
  ): string {
    return this.#bind({ of: "scratch", place, isWritten }, { isVectors: true });
  }

  /**
   * Binds the kernel's constants.
   *
   * @returns The name of the array, of 32-bit words.
   */
  constants(): string {
    return this.#bind({ of: "constants", place: 0, isWritten: false });
  }

  /**
   * Asks for a function.
   *
   * @param name Its name.
   * @returns The name.
   */
  helper(name: HelperName): HelperName {
    if (!this.#helpers.has(name)) {
      for (const need of HELPERS[name].needs) this.helper(need);
      this.#helpers.add(name);
    }
    return name;
  }

  /**
   * Asks for the function that reads a `float16` of an array.
   *
   * @param array Name of the array, of 32-bit words.
   * @returns The function's name; it is given a place as a `u32`.
   */
  halves(array: string): string {
    const name = `half_${array}`;
    if (!this.#halves.has(array)) {
      this.#halves.add(array);
      this.function(halfReader(name, array, this.helper("f16Value")));
    }
    return name;
  }

  /**
   * Adds a function that no other shader has.
   *
   * @param text Its text.
   */
  function(text: string): void {
    this.#functions.push(text);
  }

  /**
   * Declares memory that a workgroup shares.
   *
   * @param type Its type.
   * @returns Its name.
   */
  shared(type: string): string {
    const name = this.fresh("shared");
    this.#shared.push(`var<workgroup> ${name}: ${type};`);
    return name;
  }

  /**
   * Finishes the shader.
   *
   * @param end What is still open.
   * @returns The dispatch.
   */
  pass({ threads, workgroups, body }: ShaderEnd): Pass {
    const text = body.join("\n");
    if (text.includes("ofBits(")) this.helper("ofBits");
    const bindings = this.#arrays.map(({ array, name, isVectors }, i) => {
      const access = array.isWritten ? "read_write" : "read";
      const type = isVectors ? "vec4<u32>" : "u32";
      return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`;
    });
    const shader = [
      ...bindings,
      ...this.#shared,
      ...[...this.#helpers].map((name) => HELPERS[name].text),
      ...this.#functions,
      `@compute @workgroup_size(${threads})`,
      "fn main(@builtin(workgroup_id) place: vec3<u32>, @builtin(num_workgroups) places: vec3<u32>, @builtin(local_invocation_index) thread: u32) {",
      "let group = place.x + place.y * places.x;",
      ...workgroups > GROUPS_MAX
        ? [`if (group >= ${workgroups}u) { return; }`]
        : [],
      text,
      "}",
    ].join("\n");
    const arrays = this.#arrays.map(({ array }) => array);
    return { shader, arrays, workgroups };
  }

  #bind(
    array: BoundArray,
    { isVectors }: { readonly isVectors: boolean } = { isVectors: false },
  ): string {
    const known = this.#arrays.find((each) =>
      each.array.of === array.of && each.array.place === array.place
    );
    if (known) {
      assertInvariant(
        known.isVectors === isVectors,
        "an array is bound as words or as vectors",
      );
      const isWritten = known.array.isWritten || array.isWritten;
      known.array = { ...known.array, isWritten };
      return known.name;
    }
    const name = `${array.of}_${array.place}`;
    this.#arrays.push({ array, name, isVectors });
    return name;
  }
}
