import type {
  ArgumentDefinition,
  CommandDefinition,
  CommandInput,
} from "../command.ts";
import { SERVE_OPTIONS } from "./dash_command.ts";
import {
  BACKEND_OPTION,
  INLINE_OPTION,
  PLUGIN_OPTION,
} from "../with_ecosystem.ts";

const CONFIG: ArgumentDefinition = {
  name: "config",
  description: "a file in YAML or JSON that describes the model",
};

const CONFIG_OPTIONS = [
  {
    flags: "--set <path=value>",
    description: "put a value into the config: modules.0.outFeatures=64",
    isRepeated: true,
  },
  {
    flags: "--var <name=value>",
    description: "give a variable of the config a value",
    isRepeated: true,
  },
  PLUGIN_OPTION,
  INLINE_OPTION,
];

const WEIGHTS = {
  flags: "--weights <file>",
  description: "what train --save or --checkpoint wrote",
};

const DATA = {
  flags: "--data <file>",
  description: "a file in the place of the one that the config names",
};

/** Draws what a model computes. */
export const GRAPH_COMMAND: CommandDefinition = {
  name: "graph",
  description: "Draws what a model computes, operator by operator.",
  args: [CONFIG],
  options: [
    {
      flags: "--format <name>",
      description: "how it is written; mermaid if left out",
      choices: ["mermaid", "dot", "svg", "text"],
    },
    {
      flags: "--batch <count>",
      description: "what free sizes of the input are; 1 if left out",
      isCount: true,
    },
    ...CONFIG_OPTIONS,
  ],
  run: async (input: CommandInput) =>
    await (await import("../graph/draw_graph.ts")).drawGraph(input),
  examples: [
    {
      line: "graph examples/digits_cnn.yaml --format text",
      does: "lists the operators of a convolutional network",
    },
    {
      line: "graph model.yaml --format svg > model.svg",
      does: "makes a picture of them",
    },
  ],
};

/** Trains a model. */
export const TRAIN_COMMAND: CommandDefinition = {
  name: "train",
  description: "Trains the model of a config on the data that it names.",
  args: [CONFIG],
  options: [
    {
      flags: "--epochs <count>",
      description: "how often to go through the data",
      isCount: true,
    },
    BACKEND_OPTION,
    {
      flags: "--checkpoint <file>",
      description: "keep the training there after each epoch, and at Ctrl-C",
    },
    {
      flags: "--every <count>",
      description: "keep it after so many steps too",
      isCount: true,
    },
    {
      flags: "--resume",
      description: "go on where the checkpoint was written, if there is one",
    },
    {
      flags: "--save <file>",
      description: "write the weights in the safetensors format at the end",
    },
    {
      flags: "--curves <file>",
      description: "draw the losses as SVG at the end",
    },
    {
      flags: "--log <file>",
      description: "write what happens as an event log, for spiral dash",
    },
    {
      flags: "--dash",
      description: "show it in the browser, until Ctrl-C",
    },
    ...SERVE_OPTIONS,
    DATA,
    ...CONFIG_OPTIONS,
  ],
  run: async (input: CommandInput) =>
    await (await import("../training/train.ts")).train(input),
  examples: [
    {
      line: "train examples/circles.yaml --save out/circles.safetensors",
      does: "trains a small network, and keeps its weights",
    },
    {
      line:
        "train examples/circles.yaml --set optimizer.learningRate=0.01 --epochs 50",
      does: "the same with another learning rate, for longer",
    },
    {
      line: "train model.yaml --checkpoint out/model.checkpoint --resume",
      does: "may be started again and again: it goes on where it was",
    },
    {
      line: "train examples/circles.yaml --dash --open",
      does:
        "shows curves, plugins, events, kernels and the graph while it trains",
    },
  ],
};

/** Measures a model. */
export const EVAL_COMMAND: CommandDefinition = {
  name: "eval",
  description:
    "Measures a trained model: on what its config keeps back, or on another file.",
  args: [CONFIG],
  options: [WEIGHTS, DATA, BACKEND_OPTION, ...CONFIG_OPTIONS],
  run: async (input: CommandInput) =>
    await (await import("../training/evaluate.ts")).evaluate(input),
  examples: [{
    line: "eval examples/circles.yaml --weights out/circles.safetensors",
    does: "tells loss and accuracy on the samples that were kept back",
  }],
};

/** Applies a model. */
export const PREDICT_COMMAND: CommandDefinition = {
  name: "predict",
  description: "Applies a trained model, one line of JSON a sample.",
  args: [CONFIG],
  options: [
    WEIGHTS,
    DATA,
    { flags: "--out <file>", description: "write the lines there" },
    BACKEND_OPTION,
    ...CONFIG_OPTIONS,
  ],
  run: async (input: CommandInput) =>
    await (await import("../training/predict.ts")).predict(input),
  examples: [{
    line:
      "predict examples/circles.yaml --weights out/circles.safetensors --data new.csv",
    does: "tells what the model makes of new samples",
  }],
};
