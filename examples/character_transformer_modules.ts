import {
  crossEntropy,
  definePlugin,
  type Plugin,
  type Tensor,
} from "@spiraltorch/spiraltorch";

/** The loss of the character that follows each place: `[batch, length, characters]` and `[batch, length]`. */
function nextCharacter(scores: Tensor, targets: Tensor): Tensor {
  const characters = scores.shape.at(-1)!;
  return crossEntropy(
    scores.reshape([scores.size / characters, characters]),
    targets.reshape([targets.size]),
  );
}

/** Brings what a model of characters needs besides what is built in. */
export const characterPlugin: Plugin = definePlugin({
  metadata: { id: "example.characters", version: "1.0.0" },
  onLoad({ modules }) {
    modules.register({
      type: "example:next_character",
      description: "Cross entropy of what follows each place of a sequence.",
      category: "Loss",
      config: { type: "object", properties: {} },
      create: () => nextCharacter,
    });
  },
});
