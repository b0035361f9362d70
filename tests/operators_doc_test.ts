// docs/operators.md says what the operators and their facts say.

import { operatorsDoc } from "../tools/operators_doc.ts";
import { assertPage } from "./assert_page.ts";

Deno.test("docs: the table of operators is that of the operators there are", async () => {
  const text = await operatorsDoc();
  await assertPage("docs/operators.md", { text, task: "docs:operators" });
});
