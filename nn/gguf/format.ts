/**
 * What is told of a GGUF file, and read of it.
 *
 * @module
 */
import type { DType, Shape } from "../../core/base/mod.ts";
import type { HostTensor } from "../safetensors/format.ts";
import type { ReadTensorOptions } from "../safetensors/read_safetensors.ts";
import type { GgufValue } from "./parse_header.ts";
import type { GgufType } from "./storing.ts";

/** What a GGUF file says of a tensor. */
export interface GgufTensor {
  /** How its elements are stored; `type 12` for one that cannot be read. */
  readonly stored: GgufType | `type ${number}`;
  /** What they are read as; `undefined` where they cannot be read. */
  readonly dtype: DType | undefined;
  /** Sizes per axis, the last one running fastest: the other way round than the file has them. */
  readonly shape: Shape;
}

/** Reads tensors of a GGUF file when they are asked for: only the header is held. */
export interface GgufReader {
  /** What the file says of its tensors, by name, in its order. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** What it says of the model, such as `general.architecture`, and of its words. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /**
   * Reads a tensor, or some of its rows. Blocks of numbers that share a scale become `float32`.
   *
   * @param name Its name.
   * @param options Which rows.
   * @returns The tensor.
   * @throws {OptionError} `INVALID_OPTION` if there is no such tensor or row, or rows begin inside a block.
   * @throws {NnError} `GGUF_INVALID` if its elements are stored in a way that is not read, or one is none
   * of its dtype's, or the source gives other bytes than it was asked for.
   */
  read(name: string, options?: ReadTensorOptions): Promise<HostTensor>;
}
