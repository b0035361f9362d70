import { STEPS_SPENT } from "../../opaque/code_steps.ts";
import { REASON_LENGTH_MAX, WORD } from "./control.ts";

/** How often a thread looks for a job before it sleeps: some tens of microseconds. */
const LOOKS = 2000;

/** Number of a chunk that no job has. */
export const NO_CHUNK: number = 2 ** 30;

/**
 * The program of a worker thread, a module, as text: it needs no file, and so no permission, wherever
 * the library was imported from.
 *
 * A thread sleeps on a word of shared memory, where no message can reach it. So messages are counted:
 * when more have been sent than came in, it goes back to its event loop to receive them. Each is a
 * module, or `null` for all modules to be forgotten.
 */
export const WORKER_SOURCE: string = `
import { parentPort, workerData } from "node:worker_threads";

const { control, memory, thread, modules, messages } = workerData;
const host = { memory, cos: Math.cos, sin: Math.sin };
const functions = [];
const pause = Atomics.pause ?? (() => {});
let received = messages;

function add(module) {
  functions.push(new WebAssembly.Instance(module, { host }).exports);
}

function receive(message) {
  if (message === null) functions.length = 0;
  else add(message);
  received++;
}

function attempt(step) {
  try {
    step();
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

function fail(error, told = 1) {
  if (Atomics.compareExchange(control, ${WORD.isFailing}, 0, 1) !== 0) return;
  const reason = String(error).slice(0, ${REASON_LENGTH_MAX});
  control[${WORD.reason}] = reason.length;
  for (let i = 0; i < reason.length; i++) {
    control[${WORD.reason + 1} + i] = reason.charCodeAt(i);
  }
  // Last: who sees it reads the reason.
  Atomics.store(control, ${WORD.isTold}, told);
}

function work() {
  const { run, steps } = functions[control[${WORD.task}]];
  const parameters = control[${WORD.parameters}];
  const units = control[${WORD.units}];
  const grain = control[${WORD.grain}];
  while (true) {
    const begin = Atomics.add(control, ${WORD.next}, 1) * grain;
    if (begin >= units) return;
    try {
      run(begin, Math.min(begin + grain, units), parameters, thread);
    } catch (error) {
      if (control[${WORD.isForeign}] !== 1) throw error;
      fail(steps?.value < 0n ? "${STEPS_SPENT}" : error.message, 2);
      Atomics.store(control, ${WORD.next}, ${NO_CHUNK});
      return;
    }
  }
}

function join() {
  Atomics.add(control, ${WORD.active}, 1);
  const isOpen = Atomics.load(control, ${WORD.isOpen}) === 1;
  const isKnown = received === Atomics.load(control, ${WORD.messages});
  const isWell = !isOpen || !isKnown || attempt(work);
  Atomics.sub(control, ${WORD.active}, 1);
  Atomics.notify(control, ${WORD.active});
  return isWell;
}

function sleep(job) {
  for (let i = 0; i < ${LOOKS}; i++) {
    if (Atomics.load(control, ${WORD.job}) !== job) return;
    pause();
  }
  Atomics.wait(control, ${WORD.job}, job);
}

function serve() {
  while (true) {
    const job = Atomics.load(control, ${WORD.job});
    if (Atomics.load(control, ${WORD.isEnding}) === 1) return;
    if (received !== Atomics.load(control, ${WORD.messages})) return;
    if (!join()) return;
    sleep(job);
  }
}

parentPort.on("message", (message) => {
  if (attempt(() => receive(message))) serve();
});
if (attempt(() => modules.forEach(add))) {
  Atomics.add(control, ${WORD.started}, 1);
  serve();
}
`;
