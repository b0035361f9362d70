// What finding an operator costs, whether there are a few or a thousand more. Goal: 0.1 µs a look-up;
// an iteration is a thousand.

import { defineOperator } from "./define_operator.ts";
import { OperatorRegistry } from "./registry.ts";

const LOOKUPS = 1000;

for (const count of [1, 1000]) {
  const registry = new OperatorRegistry();
  for (let index = 0; index < count; index++) {
    registry.register(defineOperator({
      name: `acme:op${index}`,
      inputs: ["x"],
      forward: ([x]) => x!,
    }));
  }
  const names = Array.from(
    { length: LOOKUPS },
    (_, index) => index % 2 === 0 ? `acme:op${index % count}` : "matmul",
  );
  Deno.bench({
    name: `get() ${LOOKUPS} times, ${count} operators beside the built-in ones`,
    group: "get()",
    fn() {
      for (const name of names) registry.get(name);
    },
  });
}

const versions = new OperatorRegistry();
for (let minor = 0; minor < 10; minor++) {
  versions.register(defineOperator({
    name: "acme:op",
    version: `1.${minor}.0`,
    inputs: ["x"],
    forward: ([x]) => x!,
  }));
}
for (const name of ["acme:op", "acme:op@^1.2.0"]) {
  Deno.bench({
    name: `get("${name}") ${LOOKUPS} times, 10 versions`,
    group: "versions",
    fn() {
      for (let index = 0; index < LOOKUPS; index++) versions.get(name);
    },
  });
}
