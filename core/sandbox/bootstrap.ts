/**
 * The first code that runs in a sandbox. It is plain JavaScript, sent as a `data:` entry, because an
 * entry graph is loaded without any permission check: what stands here is fixed, and plugins arrive
 * later, through the pipe.
 *
 * The functions it uses are taken before any plugin runs, so a plugin that patches its own globals
 * breaks its own calls only.
 *
 * @module
 */

/** Frames as bytes: the guest's half of `frame.ts`. */
const FRAME_SOURCE = `
const { stringify, parse } = JSON;
const { inspect } = Deno;
const encoder = new TextEncoder(), decoder = new TextDecoder();

// The lengths and the header of a frame, with room for some bytes behind it.
function toHead(header, bytesLength, room = 0) {
  const text = encoder.encode(stringify(header));
  const head = new Uint8Array(8 + text.length + room);
  const lengths = new DataView(head.buffer);
  lengths.setUint32(0, text.length, true);
  lengths.setUint32(4, bytesLength, true);
  head.set(text, 8);
  return head;
}

function toFrame(header, bytes = new Uint8Array(0)) {
  const frame = toHead(header, bytes.length, bytes.length);
  frame.set(bytes, frame.length - bytes.length);
  return frame;
}

async function receive() {
  const lengths = new DataView((await readExactly(8)).buffer);
  const text = await readExactly(lengths.getUint32(0, true));
  const bytes = await readExactly(lengths.getUint32(4, true));
  return { header: parse(decoder.decode(text)), bytes };
}
`;

/** `send` and `receive` on standard input and output, for a process. */
export const PIPE_SOURCE: string = `${FRAME_SOURCE}
const { stdin, stdout, exit } = Deno;
const read = stdin.read.bind(stdin), readNow = stdin.readSync.bind(stdin);
const write = stdout.writeSync.bind(stdout);
// The platform has no way to modules but the hooks.
const scheme = "";
// Small frames come many at a time: what has been read beyond one waits here.
const buffer = new Uint8Array(65536);
let unread = buffer.subarray(0, 0);

function writeAll(bytes) {
  for (let at = 0; at < bytes.length;) at += write(bytes.subarray(at));
}

function send(header, bytes) {
  // What is large is not copied behind its header first.
  if (bytes === undefined || bytes.length < buffer.length) return writeAll(toFrame(header, bytes));
  writeAll(toHead(header, bytes.length));
  writeAll(bytes);
}

async function readExactly(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const isLarge = length - at >= buffer.length;
    if (unread.length === 0) {
      // The rest of what is large is on its way: waiting for it takes less than being called for it.
      const count = isLarge ? readNow(bytes.subarray(at)) : await read(buffer);
      // The host has closed its end: nobody is left to work for.
      if (count === null) exit(0);
      if (isLarge) at += count;
      else unread = buffer.subarray(0, count);
      continue;
    }
    const part = unread.subarray(0, length - at);
    bytes.set(part, at);
    at += part.length;
    unread = unread.subarray(part.length);
  }
  return bytes;
}
`;

/**
 * `send` and `receive` on a message port, for a worker. A frame is one message, so what is read never
 * ends inside of one.
 *
 * A worker that ends itself leaves no trace at the host, so every way to do that says so first. Signals come
 * to the whole process: whoever listens to one takes it from the host, which would not end on it any more.
 */
export const PORT_SOURCE: string = `${FRAME_SOURCE}
const { data: [port, control] } = await new Promise((resolve) =>
  addEventListener("message", resolve, { once: true })
);
const post = port.postMessage.bind(port);
const arrived = [], waiting = [];
let unread = new Uint8Array(0);
// A URL of this scheme is nothing that the platform could fetch, so only the hooks bring modules.
const scheme = "guest-";

const pong = control.postMessage.bind(control, "pong");
control.onmessage = () => pong();
port.onmessage = ({ data }) => {
  const take = waiting.shift();
  if (take === undefined) arrived.push(data);
  else take(data);
};

function send(header, bytes) {
  const { buffer } = toFrame(header, bytes);
  post(buffer, [buffer]);
}

async function readExactly(length) {
  if (unread.length === 0 && length > 0) {
    unread = new Uint8Array(
      arrived.shift() ?? await new Promise((resolve) => waiting.push(resolve)),
    );
  }
  const bytes = unread.slice(0, length);
  unread = unread.subarray(length);
  return bytes;
}

function say(exitCode, cause) {
  const lastWords = cause === undefined ? "" : inspect(cause).slice(0, 500);
  post({ exitCode, lastWords });
}
for (const [owner, name] of [[globalThis, "close"], [Deno, "exit"], [process, "exit"]]) {
  const leave = owner[name];
  owner[name] = (code) => {
    say(Number(code ?? 0) | 0);
    leave.call(owner, code);
  };
}
Deno.addSignalListener = () => {
  throw new Error("Signals are the host's: they come to all of its workers");
};
for (const [type, cause] of [["error", "error"], ["unhandledrejection", "reason"]]) {
  addEventListener(type, (event) => {
    event.preventDefault();
    say(1, event[cause]);
  });
}
`;

/** What the guest's main module imports to get the entry of a plugin, wherever that came from. */
const ENTRY_SPECIFIER = "plugin:entry/";

/**
 * Names the entry of one of the graphs that a sandbox was sent.
 *
 * @param index Which of them.
 * @returns What imports it, wherever it came from.
 */
export function entrySpecifier(index: number): string {
  return `${ENTRY_SPECIFIER}${index}`;
}

/** The program of a sandbox: module hooks over the sources it is sent, then the guest's main module. */
export const BOOTSTRAP_PROGRAM: string = `
import { registerHooks, stripTypeScriptTypes } from "node:module";
send({ kind: "hello" });
const start = await receive();
const sources = new Map();
let offset = 0;
for (const [url, length] of start.header.modules) {
  sources.set(url, decoder.decode(start.bytes.subarray(offset, offset += length)));
}
const typed = new Set(start.header.typed);
const aliases = new Map(start.header.aliases);
start.header.entries.forEach((url, index) => aliases.set("${ENTRY_SPECIFIER}" + index, url));
const sdkSpecifier = new RegExp(start.header.sdkPattern);
const isResolvable = /^(\\.{0,2}\\/|[a-z][a-z0-9+.-]*:)/i;

const found = (url) => ({ url: scheme + url, format: "module", shortCircuit: true });
const plain = (url) => url?.startsWith(scheme) ? url.slice(scheme.length) : url;

function resolve(specifier, { parentURL }) {
  if (sdkSpecifier.test(specifier)) return found(start.header.sdkEntry);
  if (isResolvable.test(specifier)) {
    const target = new URL(plain(specifier), plain(parentURL));
    target.hash = "";
    if (start.header.sdkUrls.includes(target.href)) return found(start.header.sdkEntry);
    const url = aliases.get(target.href) ?? target.href;
    if (sources.has(url)) return found(url);
  } else {
    // A package of npm has what it needs in a folder beside it.
    for (let at = plain(parentURL ?? ""); at.includes("/");) {
      at = at.slice(0, at.lastIndexOf("/"));
      const url = aliases.get(at + "/node_modules/" + specifier);
      if (sources.has(url)) return found(url);
    }
  }
  throw new TypeError("Cannot import " + specifier + ": it is not part of the plugin's module graph");
}
function load(loaded) {
  const url = plain(loaded), text = sources.get(url);
  const source = typed.has(url) ? stripTypeScriptTypes(text) : text;
  // A line that says how to run the module is one only at its very beginning.
  const named = "import.meta.url=" + stringify(url) + ";" + source.replace(/^#!/, "//");
  return { format: "module", source: scheme === "" ? source : named, shortCircuit: true };
}
registerHooks({ resolve, load });

// What plugins print belongs into their logs, and standard output may carry frames.
const LEVELS = {
  debug: "debug", trace: "debug", log: "info", info: "info", dir: "info", dirxml: "info",
  table: "info", group: "info", groupCollapsed: "info", count: "info", timeLog: "info",
  timeEnd: "info", warn: "warn", error: "error",
};
for (const [name, level] of Object.entries(LEVELS)) {
  console[name] = (...values) => {
    const message = values.map((value) => typeof value === "string" ? value : inspect(value)).join(" ");
    send({ kind: "console", level, message: message.slice(0, 8192) });
  };
}

const { main } = await import(start.header.main);
let handler;
main({ send, onMessage(handle) { handler = handle; } });
for (;;) {
  const { header, bytes } = await receive();
  handler(header, bytes);
}
`;
