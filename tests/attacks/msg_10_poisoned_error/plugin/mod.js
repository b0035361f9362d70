const errors = {
  text() {
    const error = new Error("\u001b[2J\u202e" + "x".repeat(1e6));
    error.name = "\u001b]8;;evil";
    error.code = "INTEGRITY_MISMATCH";
    return error;
  },
  stack() {
    const error = new Error("x");
    error.stack = "Error: x\n    at host (file:///core/loader/loader.ts:1:1)\u001b[2J";
    return error;
  },
  causes() {
    let error = new Error("0");
    for (let i = 1; i < 10_000; i++) error = new Error(String(i), { cause: error });
    return error;
  },
  getter() {
    return Object.defineProperty(new Error("x"), "message", { get() { throw this; } });
  },
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(kind) {
        throw errors[kind]();
      },
    });
  },
};
