import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { formulaInputs, trainingInputs } from "./inputs.ts";
import { MATMUL } from "./workloads/matmul.ts";
import { TRAINING } from "./workloads/training.ts";

Deno.test("formulaInputs() is decided by its seed and is never zero", () => {
  const [workload] = MATMUL;
  const [left, right] = formulaInputs(workload!, 1);
  assertEquals(formulaInputs(workload!, 1), [left, right]);
  assertNotEquals(formulaInputs(workload!, 2), [left, right]);
  assertNotEquals(left, right);
  assert([...left!].every((x) => x !== 0 && Math.abs(x) <= 1));
});

Deno.test("trainingInputs() gives each sample one class", () => {
  const [, targets] = trainingInputs(TRAINING[0]!, 1);
  const rows = Array.from(
    { length: 128 },
    (_, row) => [...targets!.subarray(10 * row, 10 * row + 10)],
  );
  assert(rows.every((row) => row.filter((x) => x === 1).length === 1));
  assert(rows.every((row) => row.filter((x) => x === 0).length === 9));
  assert(new Set(rows.map((row) => row.indexOf(1))).size > 5);
});
