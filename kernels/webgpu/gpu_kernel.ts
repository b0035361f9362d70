/** How many workgroups WebGPU grants along one dimension everywhere. */
export const GROUPS_MAX = 65_535;

/** Turns of all loops together after which Mesa's software device ends an invocation, silently. */
export const SOFTWARE_TURNS_MAX = 65_535;

/** An array that a shader is bound to. */
export interface BoundArray {
  /** Whose it is: the step's, or the kernel's own. `ended` is a word that tells of loops that were ended. */
  readonly of: "step" | "scratch" | "constants" | "ended";
  /** Its number among those; the step's output is 0. */
  readonly place: number;
  /** Whether the shader writes to it. */
  readonly isWritten: boolean;
  /**
   * Where what the shader sees of it begins, in bytes.
   *
   * @default {0}
   */
  readonly start?: number;
  /** How much of it the shader sees, in whole words; all of it, if left out. */
  readonly bytes?: number;
  /** Whether that is zeros at first. */
  readonly isCleared?: boolean;
}

/** One dispatch of a shader. */
export interface Pass {
  /** The shader in WGSL. */
  readonly shader: string;
  /**
   * Its entry point.
   *
   * @default {"main"}
   */
  readonly entryPoint?: string;
  /** What it is bound to, in order of its bindings. */
  readonly arrays: readonly BoundArray[];
  /** How many workgroups there are. */
  readonly workgroups: number;
}

/**
 * How code divides work, where there is more than one way: each invocation works `alone` on a block or a
 * line, which suits a program on the CPU, or those of a workgroup share what they have read, by large or
 * by small tiles, which suits a card.
 */
export type CodeVariant = "alone" | "shared" | "sharedSmall";

/** All ways. */
export const CODE_VARIANTS: readonly CodeVariant[] = [
  "alone",
  "shared",
  "sharedSmall",
];

/** What is known of the device that shaders are written for. */
export interface GpuTraits {
  /** Whether it is a program that computes on the CPU. */
  readonly isSoftware: boolean;
  /** Bytes of the largest array that a shader can be bound to. */
  readonly bindingBytes: number;
  /** How code for it divides work. */
  readonly variant: CodeVariant;
}

/** A kernel as shaders. */
export interface GpuKernel {
  /** The dispatches, in order. None where there is nothing to compute. */
  readonly passes: readonly Pass[];
  /** Sizes of the arrays of its own that carry values between passes, in bytes; none, if left out. */
  readonly scratchBytes?: readonly number[];
  /** Words that are not part of the shaders, so that these can be shared; none, if left out. */
  readonly constants?: readonly number[];
  /** The operator whose own shader this is, if its loops may have to be ended. */
  readonly mayEnd?: string;
}
