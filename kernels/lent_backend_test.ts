import {
  assertEquals,
  assertIsError,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CodedError } from "../core/base/mod.ts";
import type { Backend, Program } from "./backend.ts";
import { BackendError, backendUnavailable } from "./ir/mod.ts";
import { LentBackend } from "./lent_backend.ts";
import { createReferenceBackend } from "./reference/mod.ts";

const FROM = { name: "acme:exact", owner: "acme.exact" };
const SPEC = { dtype: "float32", size: 2 } as const;
/** Nothing is computed. */
const EMPTY: Program = { inputs: [], outputs: [], temporaries: [], steps: [] };

/** The reference with something in its place, lent. */
function lent(change: Partial<Backend> = {}): LentBackend {
  const inner = createReferenceBackend();
  const backend: Backend = {
    name: "inner",
    refuses: () => undefined,
    allocate: (spec) => inner.allocate(spec),
    free: (buffer) => inner.free(buffer),
    write: (buffer, elements) => inner.write(buffer, elements),
    read: (buffer) => inner.read(buffer),
    compile: (program) => inner.compile(program),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    ...change,
  };
  return new LentBackend(backend, { from: FROM, onEnd() {} });
}

Deno.test("LentBackend holds arrays under its own name", async () => {
  await using backend = lent();
  const buffer = backend.allocate(SPEC);
  backend.write(buffer, Float32Array.of(1, 2));
  assertEquals(backend.name, "acme:exact");
  assertStrictEquals(buffer.backend, backend);
  assertEquals(await backend.read(buffer), Float64Array.of(1, 2));
});

Deno.test("LentBackend.revoke() ends what is under way", async () => {
  const never = new Promise<never>(() => {});
  const backend = lent({
    read: () => never,
    compile: () => ({
      run: () => never,
      runTimed: () => never,
      [Symbol.dispose]() {},
    }),
  });
  const executable = await backend.compile(EMPTY);
  const underWay = [
    backend.read(backend.allocate(SPEC)),
    executable.run([], []),
    executable.runTimed!([], []),
  ].map((work) => assertRejects(async () => await work, BackendError));
  await backend.revoke();
  const codes = (await Promise.all(underWay)).map(({ code }) => code);
  assertEquals(codes, Array(3).fill("BACKEND_REVOKED"));
});

Deno.test("LentBackend refuses all use after its end, but for giving back", async () => {
  const ended = [
    ["BACKEND_REVOKED", (backend: LentBackend) => backend.revoke()],
    [
      "BACKEND_DISPOSED",
      (backend: LentBackend) => backend[Symbol.asyncDispose](),
    ],
  ] as const;
  for (const [code, end] of ended) {
    const backend = lent();
    const buffer = backend.allocate(SPEC);
    const executable = await backend.compile(EMPTY);
    await end(backend);
    const uses: (() => unknown)[] = [
      () => backend.allocate(SPEC),
      () => backend.write(buffer, Float32Array.of(1, 2)),
      () => backend.compile(EMPTY),
      () => executable.run([], []),
      () => backend.refuses({} as never),
    ];
    for (const use of uses) {
      assertEquals(assertThrows(use, BackendError).code, code);
    }
    const reading = await assertRejects(
      () => backend.read(buffer),
      BackendError,
    );
    assertEquals(reading.code, code);
    backend.free(buffer);
    executable[Symbol.dispose]();
  }
});

Deno.test("LentBackend gives a code to what its code throws, and leaves codes alone", async () => {
  await using backend = lent({
    allocate() {
      throw new TypeError("boom");
    },
    refuses() {
      throw backendUnavailable("acme:exact", "it is Sunday");
    },
    compile: () => Promise.reject("no"),
  });
  const failure = assertThrows(() => backend.allocate(SPEC), BackendError);
  assertEquals(
    failure.message,
    'Cannot use backend "acme:exact" of "acme.exact": allocate threw TypeError: boom',
  );
  assertIsError(failure.cause, TypeError, "boom");
  const refusal = assertThrows(() => backend.refuses({} as never), CodedError);
  assertEquals(refusal.code, "BACKEND_UNAVAILABLE");
  await assertRejects(
    async () => await backend.compile(EMPTY),
    BackendError,
    "compile threw no",
  );
});

Deno.test("LentBackend uses no array of another", async () => {
  await using backend = lent();
  await using other = lent();
  const buffer = other.allocate(SPEC);
  await assertRejects(() => backend.read(buffer), Error, "that made it");
});

Deno.test("LentBackend has a clock where the backend has one", async () => {
  await using clockless = lent();
  assertEquals((await clockless.compile(EMPTY)).runTimed, undefined);
  await using timed = lent({
    compile: () => ({
      run() {},
      runTimed: () => Promise.resolve([1.5]),
      [Symbol.dispose]() {},
    }),
  });
  const executable = await timed.compile(EMPTY);
  assertEquals(await executable.runTimed!([], []), [1.5]);
});
