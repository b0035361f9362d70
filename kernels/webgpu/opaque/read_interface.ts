import type { DType } from "../../../core/base/mod.ts";
import type { WgslCode } from "../../ir/mod.ts";
import { plainShader, type Refuse } from "../../opaque/mod.ts";
import { storesAll } from "./stores_all.ts";

/** What has to be known of a shader to run it. */
export interface ShaderInterface {
  /** Name of its entry point. */
  readonly entryPoint: string;
  /** How many invocations a workgroup has. */
  readonly workgroupSize: number;
  /** Whether it reads the description of the call. */
  readonly readsCall: boolean;
  /** Whether each invocation stores the word, or the vector, of its number, and none is read. */
  readonly storesAll: boolean;
}

/** As what elements are seen: smaller ones than words are packed. */
const STORED: Readonly<Record<DType, "f32" | "i32" | "u32">> = {
  bfloat16: "u32",
  bool: "u32",
  float16: "u32",
  float32: "f32",
  int32: "i32",
  int8: "u32",
};

/** Most invocations of a workgroup, everywhere. */
const WORKGROUP_MAX = 256;

/** What is used of the parser, whose module says nothing of its types. */
interface Reflection {
  readonly storage: readonly ReflectedArray[];
  readonly uniforms: readonly unknown[];
  readonly textures: readonly unknown[];
  readonly samplers: readonly unknown[];
  readonly overrides: readonly unknown[];
  readonly entry: Readonly<
    Record<"compute" | "fragment" | "vertex", readonly ReflectedFunction[]>
  >;
}

interface ReflectedArray {
  readonly name: string;
  readonly group: number;
  readonly binding: number;
  readonly access: string;
  readonly type: {
    readonly name: string;
    readonly count?: number;
    readonly format?: { readonly name: string } | null;
  };
}

interface ReflectedFunction {
  readonly name: string;
  readonly attributes:
    | readonly {
      readonly name: string;
      readonly value: string | readonly string[] | null;
    }[]
    | null;
}

/**
 * Requires that a shader declares what a call gives it, and nothing else: the inputs in their order, the
 * output, and perhaps the description of the call.
 *
 * @param code The shader.
 * @param refuse Builds the error for one that does not.
 * @returns What it declares besides.
 */
export async function readInterface(
  { text, inputs, output, isVectors = [] }: WgslCode,
  refuse: Refuse,
): Promise<ShaderInterface> {
  const reflection = await reflect(text, refuse);
  const { storage, uniforms, textures, samplers, overrides } = reflection;
  const others = [uniforms, textures, samplers, overrides].flat().length;
  const wanted = [...inputs, output].map((dtype, i) => {
    const word = STORED[dtype];
    const type = isVectors[i] ? `vec4${word[0]}` : word;
    return bound(type, i < inputs.length ? "read" : "read_write");
  });
  const readsCall = storage.length > wanted.length;
  if (readsCall) wanted.push(bound("u32", "read"));
  if (others > 0 || storage.length !== wanted.length) {
    throw refuse(
      `found ${storage.length + others} arrays and other resources, wanted ${
        inputs.length + 1
      }, and perhaps the description of the call`,
    );
  }
  wanted.forEach((declaration, binding) => {
    const found = storage.find((one) => one.binding === binding);
    const text = found && found.group === 0 ? declared(found) : "nothing";
    if (text === declaration) return;
    throw refuse(
      `found ${text} at @group(0) @binding(${binding}), wanted ${declaration}`,
    );
  });
  const written = storage.find(({ binding }) => binding === inputs.length)!;
  return {
    ...entryOf(reflection, refuse),
    readsCall,
    storesAll: storesAll(plainShader(text, refuse), written.name),
  };
}

async function reflect(text: string, refuse: Refuse): Promise<Reflection> {
  // Loaded with the first shader that somebody brings.
  const module: {
    readonly WgslReflect: new (text: string) => Reflection;
  } = await import("wgsl_reflect");
  try {
    return new module.WgslReflect(text);
  } catch (error) {
    throw refuse(`found ${(error as Error).message}, wanted WGSL`);
  }
}

function bound(type: string, access: string): string {
  return `var<storage, ${access}> of array<${type}>`;
}

function declared({ access, type }: ReflectedArray): string {
  const { name, format, count = 0 } = type;
  const isPlain = name === "array" && count === 0 && format;
  return isPlain
    ? bound(format.name, access)
    : `var<storage, ${access}> of ${name}`;
}

function entryOf(
  { entry: { compute, fragment, vertex } }: Reflection,
  refuse: Refuse,
): Pick<ShaderInterface, "entryPoint" | "workgroupSize"> {
  const [entry, ...others] = [...compute, ...fragment, ...vertex];
  if (!entry || others.length > 0 || compute.length === 0) {
    throw refuse(
      `found ${
        entry ? others.length + 1 : "no"
      } entry points, wanted one of @compute`,
    );
  }
  const value = entry.attributes?.find(({ name }) => name === "workgroup_size")
    ?.value;
  const sizes = value === undefined || value === null ? [] : [value].flat();
  const workgroupSize = sizes.reduce(
    (all, size) => /^\d+u?$/.test(size) ? all * parseInt(size) : NaN,
    1,
  );
  const isFine = sizes.length > 0 && workgroupSize >= 1 &&
    workgroupSize <= WORKGROUP_MAX;
  if (!isFine) {
    throw refuse(
      `found @workgroup_size(${
        sizes.join(", ")
      }), wanted numbers whose product is at most ${WORKGROUP_MAX}`,
    );
  }
  return { entryPoint: entry.name, workgroupSize };
}
