/**
 * Where a checkpoint is kept: one at a time, the last one that was written completely.
 * `checkpointFile` of the runtime keeps it in a file.
 */
export interface CheckpointStore {
  /**
   * Keeps a checkpoint in the place of the one before, completely or not at all.
   *
   * @param bytes The checkpoint.
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /**
   * Gives the checkpoint that is kept.
   *
   * @returns The checkpoint; `undefined` if there is none.
   */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** When `fit` writes checkpoints: at the end of each pass, when it is aborted, and in between. */
export interface CheckpointOptions {
  /** Where they are kept. */
  readonly store: CheckpointStore;
  /** After how many steps one is written in the middle of a pass; never if left out. */
  readonly everySteps?: number;
}
