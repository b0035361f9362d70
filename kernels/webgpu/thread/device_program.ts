/**
 * The program of a thread that has a GPU to itself, a module, as text: it needs no file, and so no
 * permission, wherever the library was imported from.
 *
 * It is told calls of methods by the numbers of their objects, and tells what those give that are asked.
 * A call that throws is told with the error scope it lies in, as what the device itself says is.
 */
export const DEVICE_PROGRAM: string = `
import { parentPort } from "node:worker_threads";

const objects = new Map();
const scopes = [];
let adapter, unscoped;

function known(value) {
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(known);
  if ("object" in value) return objects.get(value.object);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, known(v)]));
}

function traits({ limits, features }) {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(limits));
  const numbers = names.filter((name) => typeof limits[name] === "number");
  return {
    limits: Object.fromEntries(numbers.map((name) => [name, limits[name]])),
    features: [...features],
  };
}

const asked = {
  async requestAdapter(_, options) {
    adapter = await navigator.gpu?.requestAdapter(options);
    if (!adapter) return null;
    const { description, vendor, architecture, isFallbackAdapter } = adapter.info;
    const info = { description, vendor, architecture, isFallbackAdapter };
    return { ...traits(adapter), info };
  },
  async requestDevice(_, descriptor) {
    const device = await adapter.requestDevice(descriptor);
    objects.set(0, device);
    objects.set(1, device.queue);
    device.lost.then(({ reason, message }) =>
      parentPort.postMessage({ lost: { reason, message } })
    );
    return traits(device);
  },
  async popErrorScope(device) {
    const thrown = scopes.pop() ?? unscoped;
    unscoped = undefined;
    const error = await device.popErrorScope();
    return thrown ?? error?.message;
  },
  async mapAsync(buffer, mode, offset, size) {
    await buffer.mapAsync(mode, offset, size);
    return buffer.getMappedRange(offset, size).slice(0);
  },
};

async function answer(number, question) {
  try {
    const value = await question();
    const isBytes = value instanceof ArrayBuffer;
    parentPort.postMessage({ answer: number, value }, isBytes ? [value] : []);
  } catch (error) {
    parentPort.postMessage({ answer: number, reason: String(error) });
  }
}

function call({ object, method, args, result, question }) {
  const of = objects.get(object);
  if (question !== undefined) {
    // Its first step is taken at once: calls stay in order.
    answer(question, () => asked[method](of, ...args.map(known)));
    return;
  }
  if (method === "pushErrorScope") scopes.push(undefined);
  try {
    const value = of[method](...args.map(known));
    if (result !== undefined) objects.set(result, value);
  } catch (error) {
    if (scopes.length > 0) scopes[scopes.length - 1] ??= String(error);
    else unscoped ??= String(error);
  }
}

function standStill(leave) {
  Atomics.store(leave, 0, 1);
  Atomics.notify(leave, 0);
  Atomics.wait(leave, 1, 0, 10_000);
}

parentPort.on("message", ({ calls, released, leave }) => {
  if (leave) return standStill(leave);
  for (const each of calls) call(each);
  for (const object of released) objects.delete(object);
});
`;
