/**
 * Words through which threads speak: positions in one shared `Int32Array`. Those that are written
 * while others are watched stand on cache lines of their own.
 */
export const WORD = {
  /** Counts jobs; threads that have nothing to do wait for it to change. */
  job: 0,
  /** The next chunk of the job that nobody has taken. */
  next: 16,
  /** How many threads may be at the job, and so must be waited for. */
  active: 32,
  /** 1 while a job may be joined. */
  isOpen: 48,
  /** How many messages have been sent. */
  messages: 49,
  /** 1 when threads are to end. */
  isEnding: 50,
  /** The job: number of its function, address of its parameters, units, units of a chunk. */
  task: 51,
  parameters: 52,
  units: 53,
  grain: 54,
  /** 1 where the function may trap, and only the job is over then. */
  isForeign: 55,
  /** How many threads have started. */
  started: 64,
  /** 1 once a thread has failed: the first one, which writes down why. */
  isFailing: 65,
  /** 1 once the reason can be read; 2 where only a job of foreign code is over. */
  isTold: 66,
  /** Why it failed: a length, and as many UTF-16 code units. */
  reason: 67,
} as const;

/** Code units that are told of a failure. */
export const REASON_LENGTH_MAX = 200;

/** Size of the array. */
export const CONTROL_WORDS: number = WORD.reason + 1 + REASON_LENGTH_MAX;
