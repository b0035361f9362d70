// docs/operators.md says what the operators and their facts say.

import { assertEquals } from "@std/assert";
import { operatorsDoc } from "../tools/operators_doc.ts";

Deno.test("docs: the table of operators is that of the operators there are", async () => {
  const page = await Deno.readTextFile(
    new URL("../docs/operators.md", import.meta.url),
  );
  const [found, wanted] = [page, await operatorsDoc()].map((text) =>
    text.split("\n")
  ) as [string[], string[]];
  assertEquals(
    {
      stale: found.filter((line) => !wanted.includes(line)),
      missing: wanted.filter((line) => !found.includes(line)),
    },
    { stale: [], missing: [] },
    "run `deno task docs:operators`",
  );
  assertEquals(found, wanted);
});
