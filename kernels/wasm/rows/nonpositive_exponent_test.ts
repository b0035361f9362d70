import { assertEquals } from "@std/assert";
import {
  type CombineFn,
  type Expression,
  ExpressionBuilder,
} from "../../ir/mod.ts";
import { nonpositiveExponent } from "./nonpositive_exponent.ts";

/** e^(x - fold y), where y may be x, or the other way round. */
function power(
  { combine, isOther = false, isReversed = false }: {
    readonly combine: CombineFn;
    readonly isOther?: boolean;
    readonly isReversed?: boolean;
  },
): Expression {
  const b = new ExpressionBuilder();
  const x = b.load(0, "float32");
  const y = isOther ? b.load(1, "float32") : x;
  const fold = b.fold(combine, y);
  b.unary("exp", b.binary("sub", isReversed ? [fold, x] : [x, fold]));
  return b.expression;
}

Deno.test.each<{ name: string; body: Expression; want: number | undefined }>([
  {
    name: "a value less its largest",
    body: power({ combine: "maximum" }),
    want: 2,
  },
  {
    name: "a value less its smallest",
    body: power({ combine: "minimum" }),
    want: undefined,
  },
  {
    name: "a value less the largest of others",
    body: power({ combine: "maximum", isOther: true }),
    want: undefined,
  },
  {
    name: "the largest less a value",
    body: power({ combine: "maximum", isReversed: true }),
    want: undefined,
  },
])("nonpositiveExponent() of $name is $want", ({ body, want }) => {
  assertEquals(nonpositiveExponent(body, body.length - 1), want);
});
