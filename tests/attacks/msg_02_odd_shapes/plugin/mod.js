const cycle = {};
cycle.cycle = cycle;
const sparse = [1];
sparse.length = 2 ** 32 - 1;
const odd = {
  cycle,
  sparse,
  map: new Map([[1, 2]]),
  date: new Date(0),
  regexp: /(a+)+$/,
  instance: new (class Odd { x = 1; })(),
  function: () => {},
  hole: [1, , 3],
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    let heard = null;
    context.subscribe("odd", (event) => void (heard = event));
    context.services.provide("attack", {
      run: (kind) => kind === "heard" ? heard : odd[kind],
    });
  },
};
