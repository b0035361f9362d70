// Pages that tools make say what their sources say; docs/operators.md has a test of its own.

import { errorsDoc } from "../tools/errors_doc.ts";
import { pipelinesDoc } from "../tools/pipelines_doc.ts";
import { assertPage } from "./assert_page.ts";

Deno.test("docs: the index of errors is that of the layers' tables", async () => {
  const text = await errorsDoc();
  await assertPage("docs/errors.md", { text, task: "docs:errors" });
});

Deno.test("docs: the types for pipelines are those that are registered", async () => {
  const text = pipelinesDoc();
  const page = "docs/pipelines_reference.md";
  await assertPage(page, { text, task: "docs:pipelines" });
});
