// Whatever plain JavaScript passes to what ./core exports, to the methods of what it makes, and as their
// options: it is taken, or refused with a code.

import { assertEquals } from "@std/assert";
import { isPlainObject, SYSTEM_CLOCK } from "../core/base/mod.ts";
import * as core from "../core/mod.ts";
import {
  isClass,
  methodsOf,
  optionTargets,
  PAIRS,
  problemsOf,
  SINGLES,
  targetsOf,
} from "./hostile_calls.ts";

const FILTER = { types: ["*"], sources: ["host"], clock: SYSTEM_CLOCK };
/** Where nothing can be written, since it lies in a file. */
const NO_FOLDER =
  new URL("hostile_core_test.ts/cache", import.meta.url).pathname;
const log = () => {};
const bus = () => new core.PluginEventBus();
const registry = () =>
  new core.PluginRegistry({ events: bus(), engineVersion: "0.1.0" });

/** What each class can be made of, with every option that it has. */
const ARGUMENTS: Readonly<Record<string, () => readonly unknown[]>> = {
  DynamicPluginLoader: () => [{
    registry: registry(),
    sandbox: () => Promise.reject(new Error("there is none")),
    limits: core.DEFAULT_LIMITS,
    baseUrl: "https://plugins.example/",
    clock: SYSTEM_CLOCK,
    fetch: () => Promise.reject(new Error("there is none")),
    index: {},
    registries: {},
    lockfile: "plugins.lock.json",
    frozen: true,
    cacheDir: NO_FOLDER,
    policy: {},
    consent: () => false,
    audit: () => {},
    workerPermissions: "inherit",
    log,
  }],
  PluginEventBus: () => [{ clock: SYSTEM_CLOCK, log }],
  PluginEventJsonlWriter: () => [
    bus(),
    {
      name: "nowhere",
      write: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    { ...FILTER, captureTensorOps: true, queueMax: 1 },
  ],
  PluginEventRecorder: () => [bus(), { ...FILTER, capacity: 1 }],
  PluginRegistry: () => [{
    events: bus(),
    engineVersion: "0.1.0",
    clock: SYSTEM_CLOCK,
    log,
    contributionPoints: [],
    services: {},
    overrides: {},
  }],
  StaticPluginLoader: () => [() => []],
};

/** What is made by another class only. */
const ABSTRACT: Readonly<Record<string, string>> = {
  PluginViews: "PluginRegistry",
};

/** What writes files, and who make what they are methods of. */
const NOT_CALLED: readonly PropertyKey[] = ["constructor", "writeJsonl"];

const CLASSES = new Map(
  Object.entries(core).filter(([, value]) =>
    isClass(value) && !(Object(value).prototype instanceof Error)
  ),
);

function make(name: string): object {
  const inputs = ARGUMENTS[name]!();
  return Reflect.construct(Object(CLASSES.get(name)), inputs);
}

Deno.test("whatever functions and classes of the core are given is taken, or refused with a code", async () => {
  const tables = Object.entries(core).flatMap(([name, value]) =>
    isPlainObject(value) ? targetsOf(`${name}.`, value) : []
  );
  const targets = [...targetsOf("", core), ...tables];
  assertEquals(await problemsOf(targets, PAIRS), []);
});

Deno.test("each class of the core is made of what is listed here", () => {
  const listed = [...Object.keys(ARGUMENTS), ...Object.keys(ABSTRACT)];
  assertEquals(listed.sort(), [...CLASSES.keys()].sort());
});

Deno.test("whatever options of the core are set to is taken, or refused with a code", async () => {
  const targets = Object.keys(ARGUMENTS).flatMap((name) =>
    optionTargets(
      name,
      ARGUMENTS[name]!(),
      (inputs) => Reflect.construct(Object(CLASSES.get(name)), inputs),
    )
  );
  assertEquals(await problemsOf(targets, SINGLES), []);
});

Deno.test("whatever methods of the core are given is taken, or refused with a code", async () => {
  const targets = [...CLASSES].flatMap(([name, type]) => {
    const { prototype } = Object(type);
    const how = {
      make: () => make(ABSTRACT[name] ?? name),
      except: NOT_CALLED,
    };
    const statics = { ...how, make: () => Object(type) };
    return [
      ...methodsOf(name, prototype, how),
      ...methodsOf(name, Object(type), statics),
    ];
  });
  assertEquals(await problemsOf(targets, PAIRS), []);
});
