import { assertEquals } from "@std/assert";
import { createReferenceBackend } from "../reference/mod.ts";
import {
  defaultBackend,
  observeDefaultBackend,
  resetDefaultBackend,
  setDefaultBackend,
} from "./default_backend.ts";

Deno.test("observeDefaultBackend() tells of every change, and of nothing else", async () => {
  await using reference = createReferenceBackend();
  const former = setDefaultBackend(reference);
  const changes: (string | undefined)[][] = [];
  const observation = observeDefaultBackend((...names) => changes.push(names));
  setDefaultBackend(reference); // no change
  await using other = createReferenceBackend();
  setDefaultBackend(other); // of one name, yet another
  resetDefaultBackend();
  assertEquals(changes, [["reference", "reference"]]);
  const { name } = defaultBackend();
  assertEquals(changes.slice(1), [[name, "reference"]]);
  resetDefaultBackend();
  defaultBackend();
  assertEquals(changes.length, 2);
  resetDefaultBackend();
  setDefaultBackend(reference);
  assertEquals(changes.slice(2), [["reference", name]]);
  observation[Symbol.dispose]();
  if (former) setDefaultBackend(former);
  else resetDefaultBackend();
  assertEquals(changes.length, 3);
});
