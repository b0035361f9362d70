import {
  crossEntropy,
  definePlugin,
  Module,
  Parameter,
  type Plugin,
  type RandomKey,
  randomNormal,
  type Tensor,
} from "@spiraltorch/spiraltorch";

/** Adds learned features to each place of a sequence, so that places can be told apart. */
class Positions extends Module {
  readonly weight: Parameter;

  constructor(length: number, features: number, key: RandomKey) {
    super();
    this.weight = new Parameter(randomNormal([length, features], { key }));
  }

  /** `x [batch, length, features]` of at most as many places as there are features for. */
  override forward(x: Tensor): Tensor {
    return x.add(this.weight.slice([[0, x.shape[1]!]]));
  }
}

/** The loss of the character that follows each place: `[batch, length, characters]` and `[batch, length]`. */
function nextCharacter(scores: Tensor, targets: Tensor): Tensor {
  const characters = scores.shape.at(-1)!;
  return crossEntropy(
    scores.reshape([scores.size / characters, characters]),
    targets.reshape([targets.size]),
  );
}

/** Brings what a model of characters needs besides the built-in modules. */
export const characterPlugin: Plugin = definePlugin({
  metadata: { id: "example.characters", version: "1.0.0" },
  onLoad({ modules }) {
    modules.register({
      type: "example:positions",
      description: "Adds learned features to each place of a sequence.",
      category: "Embedding",
      config: {
        type: "object",
        properties: {
          length: { type: "integer", minimum: 1 },
          features: { type: "integer", minimum: 1 },
        },
        required: ["length", "features"],
      },
      inferShape: "same",
      create: ({ length, features }, { seed }) =>
        new Positions(Number(length), Number(features), seed),
    });
    modules.register({
      type: "example:next_character",
      description: "Cross entropy of what follows each place of a sequence.",
      category: "Loss",
      config: { type: "object", properties: {} },
      create: () => nextCharacter,
    });
  },
});
