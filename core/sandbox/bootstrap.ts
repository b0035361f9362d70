/**
 * The first code that runs in a child. It is plain JavaScript, sent as a `data:` entry, because a
 * child's own entry graph is loaded without any permission check: what stands here is fixed, and
 * plugins arrive later, through the pipe.
 *
 * The functions it uses are taken before any plugin runs, so a plugin that patches its own globals
 * breaks its own calls only.
 *
 * @module
 */

/** Frames on standard input and output: the child's half of `frame.ts`. */
export const TRANSPORT_SOURCE = `
const { stringify, parse } = JSON;
const { stdin, stdout, exit } = Deno;
const read = stdin.read.bind(stdin), write = stdout.writeSync.bind(stdout);
const encoder = new TextEncoder(), decoder = new TextDecoder();

function send(header, bytes = new Uint8Array(0)) {
  const text = encoder.encode(stringify(header));
  const frame = new Uint8Array(8 + text.length + bytes.length);
  const lengths = new DataView(frame.buffer);
  lengths.setUint32(0, text.length, true);
  lengths.setUint32(4, bytes.length, true);
  frame.set(text, 8);
  frame.set(bytes, 8 + text.length);
  for (let at = 0; at < frame.length;) at += write(frame.subarray(at));
}

async function readExactly(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await read(bytes.subarray(at));
    // The host has closed its end: nobody is left to work for.
    if (count === null) exit(0);
    at += count;
  }
  return bytes;
}

async function receive() {
  const lengths = new DataView((await readExactly(8)).buffer);
  const text = await readExactly(lengths.getUint32(0, true));
  const bytes = await readExactly(lengths.getUint32(4, true));
  return { header: parse(decoder.decode(text)), bytes };
}
`;

/** The entry of a sandbox: module hooks over the sources it is sent, then the guest's main module. */
export const BOOTSTRAP_SOURCE: string = `
import { registerHooks } from "node:module";
${TRANSPORT_SOURCE}
send({ kind: "hello" });
const start = await receive();
const sources = new Map();
let offset = 0;
for (const [url, length] of start.header.modules) {
  sources.set(url, decoder.decode(start.bytes.subarray(offset, offset += length)));
}
const aliases = new Map(start.header.aliases);
const sdkSpecifier = new RegExp(start.header.sdkPattern);
const isResolvable = /^(\\.{0,2}\\/|[a-z][a-z0-9+.-]*:)/i;

function resolve(specifier, { parentURL }) {
  if (sdkSpecifier.test(specifier)) {
    return { url: start.header.sdkEntry, format: "module", shortCircuit: true };
  }
  if (isResolvable.test(specifier)) {
    const target = new URL(specifier, parentURL);
    target.hash = "";
    const url = aliases.get(target.href) ?? target.href;
    if (sources.has(url)) return { url, format: "module", shortCircuit: true };
  }
  throw new TypeError("Cannot import " + specifier + ": it is not part of the plugin's module graph");
}
function load(url) {
  return { format: "module", source: sources.get(url), shortCircuit: true };
}
registerHooks({ resolve, load });

// Standard output carries frames, so what plugins print has to travel inside them.
const LEVELS = {
  debug: "debug", trace: "debug", log: "info", info: "info", dir: "info", dirxml: "info",
  table: "info", group: "info", groupCollapsed: "info", count: "info", timeLog: "info",
  timeEnd: "info", warn: "warn", error: "error",
};
const { inspect } = Deno;
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
