// docs/operators.md says what the operators and their facts say.

import { assertEquals } from "@std/assert";
import { operatorsDoc } from "../tools/operators_doc.ts";

Deno.test("docs: the table of operators is that of the operators there are", async () => {
  const page = new URL("../docs/operators.md", import.meta.url);
  assertEquals(
    await Deno.readTextFile(page),
    await operatorsDoc(),
    "run `deno task docs:operators`",
  );
});
