import { assertInvariant } from "../../core/base/mod.ts";

/** Every block starts at a multiple of it: a cache line, and room for any vector. */
const ALIGNMENT = 64;

/** Free blocks are sorted into eight classes for every doubling of their size. */
const CLASSES_PER_DOUBLING = 8;

/** Words of the map of classes: enough for the class of 64 GiB. */
const CLASS_WORDS = 8;

/** How many blocks of the wanted size's own class are looked at first: some may be too small. */
const TRIES_MAX = 8;

interface Block {
  readonly address: number;
  bytes: number;
  isFree: boolean;
  /** Its neighbours in memory. */
  before: Block | undefined;
  after: Block | undefined;
}

/**
 * Divides a stretch of memory into blocks.
 *
 * Every byte belongs to one block, free or used, and no two free blocks are neighbours. What is left
 * of a free block that is larger than wanted stays free.
 *
 * Cost: O(1) to free; to allocate too, unless memory is so full that only blocks of the wanted size's
 * own class are left, which are then searched.
 *
 * Source: Masmano, Ripoll, Crespo, Real, "TLSF: a new dynamic memory allocator for real-time
 * systems" (ECRTS 2004), with hash sets for lists.
 */
export class Allocator {
  readonly #classes: Set<Block>[] = [];
  /** A bit for each class that has blocks. */
  readonly #occupied = new Int32Array(CLASS_WORDS);
  readonly #used = new Map<number, Block>();
  readonly #bytes: number;
  #usedBytes = 0;

  /**
   * Constructs a new instance.
   *
   * @param start Address of the first byte, a multiple of 64.
   * @param bytes How many there are, a multiple of 64.
   */
  constructor(start: number, bytes: number) {
    this.#bytes = bytes;
    this.#release({
      address: start,
      bytes,
      isFree: true,
      before: undefined,
      after: undefined,
    });
  }

  /** Bytes in all. */
  get totalBytes(): number {
    return this.#bytes;
  }

  /** Bytes in use, those lost to alignment included. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Number of free blocks: 1 where everything, or one stretch, is free. */
  get freeBlocks(): number {
    return this.#classes.reduce((sum, blocks) => sum + (blocks?.size ?? 0), 0);
  }

  /**
   * Takes a block.
   *
   * @param bytes How large it has to be.
   * @returns Its address, or `undefined` if there is no room.
   */
  allocate(bytes: number): number | undefined {
    const wanted = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const block = this.#find(wanted);
    if (!block) return undefined;
    this.#take(block);
    this.#split(block, wanted);
    block.isFree = false;
    this.#used.set(block.address, block);
    this.#usedBytes += block.bytes;
    return block.address;
  }

  /**
   * Gives a block back.
   *
   * @param address Its address.
   * @throws {InvariantError} If there is no block in use at that address.
   */
  free(address: number): void {
    const block = this.#used.get(address);
    assertInvariant(block, "memory is freed once");
    this.#used.delete(address);
    this.#usedBytes -= block.bytes;
    this.#release(this.#merge(block));
  }

  #find(wanted: number): Block | undefined {
    // The block of its own class that fits is often one of that very size, given back before.
    const own = classOf(wanted);
    const near = this.#search(own, { wanted, tries: TRIES_MAX });
    if (near) return near;
    const larger = this.#firstOccupied(own + 1);
    if (larger !== undefined) {
      for (const block of this.#classes[larger]!) return block;
    }
    return this.#search(own, { wanted, tries: Infinity });
  }

  /** The first class from `index` on that has blocks. */
  #firstOccupied(index: number): number | undefined {
    // Bits before the index do not count in its own word.
    let mask = -1 << (index % 32);
    for (let word = index >> 5; word < CLASS_WORDS; word++) {
      const bits = this.#occupied[word]! & mask;
      if (bits !== 0) return 32 * word + 31 - Math.clz32(bits & -bits);
      mask = -1;
    }
    return undefined;
  }

  #search(
    index: number,
    { wanted, tries }: { readonly wanted: number; readonly tries: number },
  ): Block | undefined {
    let left = tries;
    const blocks = this.#classes[index];
    if (blocks === undefined || blocks.size === 0) return undefined;
    for (const block of blocks) {
      if (block.bytes >= wanted) return block;
      if (--left <= 0) return undefined;
    }
    return undefined;
  }

  #split(block: Block, bytes: number): void {
    if (block.bytes === bytes) return;
    const rest: Block = {
      address: block.address + bytes,
      bytes: block.bytes - bytes,
      isFree: true,
      before: block,
      after: block.after,
    };
    if (block.after) block.after.before = rest;
    block.after = rest;
    block.bytes = bytes;
    this.#release(rest);
  }

  /** Joins a block with its free neighbours. */
  #merge(block: Block): Block {
    const { before, after } = block;
    if (after?.isFree) this.#absorb(block, after);
    if (!before?.isFree) return block;
    this.#take(before);
    this.#append(before, block);
    return before;
  }

  #absorb(block: Block, after: Block): void {
    this.#take(after);
    this.#append(block, after);
  }

  #append(block: Block, after: Block): void {
    block.bytes += after.bytes;
    block.after = after.after;
    if (after.after) after.after.before = block;
  }

  #release(block: Block): void {
    block.isFree = true;
    const index = classOf(block.bytes);
    (this.#classes[index] ??= new Set()).add(block);
    this.#occupied[index >> 5]! |= 1 << (index % 32);
  }

  /** Takes a free block out of its class. */
  #take(block: Block): void {
    const index = classOf(block.bytes);
    const blocks = this.#classes[index]!;
    blocks.delete(block);
    if (blocks.size === 0) this.#occupied[index >> 5]! &= ~(1 << (index % 32));
  }
}

/** Which class a size belongs to: sizes of a later class are all larger. */
function classOf(bytes: number): number {
  const units = bytes / ALIGNMENT;
  const doubling = 31 - Math.clz32(units);
  const step = Math.floor((units / 2 ** doubling - 1) * CLASSES_PER_DOUBLING);
  return doubling * CLASSES_PER_DOUBLING + step;
}
