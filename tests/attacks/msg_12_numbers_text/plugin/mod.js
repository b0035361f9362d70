const { registry } = { registry: Symbol("not plain") };

const answers = {
  numbers: () => [NaN, -0, Infinity, -Infinity, Number("1e400"), 5e-324, 2 ** 53],
  text: () => ["\ud800", "\udc00x", "\u0000", "\u202e", "😀"],
  holes: () => [undefined, { gone: undefined }],
  bigint: () => 10n ** 400n,
  symbol: () => registry,
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run: (kind) => answers[kind](),
      echo: (value) => value,
    });
  },
};
