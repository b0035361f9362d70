import { assertEquals } from "@std/assert";
import { type DenoFacts, findDeno } from "./find_deno.ts";

function facts(answer: string | Error): DenoFacts {
  return {
    isCompiled: true,
    version: "2.9.6",
    path: "/srv/program",
    ask: () =>
      typeof answer === "string"
        ? Promise.resolve(answer)
        : Promise.reject(answer),
  };
}

Deno.test("findDeno() is this Deno, unless this program was compiled", async () => {
  assertEquals(await findDeno(), Deno.execPath());
  const ask = () => Promise.reject(new Error("It was asked"));
  const plain = { ...facts(""), isCompiled: false, ask };
  assertEquals(await findDeno(plain), "/srv/program");
});

Deno.test("findDeno() finds the one on the PATH for a compiled program, if it is no older", async () => {
  for (const version of ["2.9.6", "2.9.7", "2.10.0"]) {
    const answer = JSON.stringify([version, "/usr/bin/deno"]);
    assertEquals(await findDeno(facts(answer)), "/usr/bin/deno");
  }
});

Deno.test.each<{ name: string; answer: string | Error }>([
  { name: "there is none", answer: new Deno.errors.NotFound("deno") },
  { name: "it is older", answer: '["2.9.5","/usr/bin/deno"]' },
  { name: "it is of another major version", answer: '["3.0.0","/bin/deno"]' },
  { name: "it says nothing", answer: "" },
  { name: "it says something else", answer: '{"deno":2}' },
])(
  "findDeno() finds none for a compiled program where $name",
  async ({ answer }) => {
    assertEquals(await findDeno(facts(answer)), undefined);
  },
);
