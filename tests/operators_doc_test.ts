// docs/operators.md says what the operators and their facts say, and that is true. That operators take the
// dtypes of their rows, compute the same on every backend and have the slopes that are promised, and no
// others, is what `opcheck` asks in ops/check/builtin_test.ts.

import { assert, assertThrows } from "@std/assert";
import { DTYPES, isCoded } from "../core/base/mod.ts";
import { BUILTIN_FACTS, drawSample } from "../ops/check/mod.ts";
import { apply, BUILTIN_OPERATORS, tensor } from "../ops/mod.ts";
import { operatorsDoc } from "../tools/operators_doc.ts";
import { assertPage } from "./assert_page.ts";

Deno.test("docs: the table of operators is that of the operators there are", async () => {
  const text = await operatorsDoc();
  await assertPage("docs/operators.md", { text, task: "docs:operators" });
});

Deno.test("docs: an operator refuses the dtypes that its row does not name", () => {
  for (const [name, operator] of BUILTIN_OPERATORS) {
    const facts = BUILTIN_FACTS.get(name)!;
    const { dtypes = DTYPES, samples } = facts;
    for (const dtype of DTYPES) {
      if (dtypes.includes(dtype)) continue;
      for (const sample of samples) {
        const { inputs, attributes } = drawSample(sample, { ...facts, dtype });
        if (inputs.every(({ isPinned }) => isPinned)) continue;
        const nodes = inputs.map((input) => tensor(input.elements, input).node);
        const error = assertThrows(
          () => apply(operator, nodes, attributes),
          `${name} of ${dtype}`,
        );
        assert(isCoded(error) && error.code === "DTYPE_MISMATCH", `${error}`);
      }
    }
  }
});
