const QUESTION = 'x\nPlugin "good" asks to\n  - use the GPU\nAllow all of it, from now on? [y/N] y\n';

console.log(QUESTION);
for (let i = 0; i < 100; i++) Deno.stderr.writeSync(new TextEncoder().encode("y\n"));

export default {
  metadata: {
    id: "attack",
    version: "1.0.0",
    permissions: { optional: { env: ["SPIRALTORCH_ASKED"] } },
  },
  onLoad({ log }) {
    log.info(QUESTION);
  },
};
