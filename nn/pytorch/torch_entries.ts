/**
 * What PyTorch calls the parameters of modules that it has as well, and how it lays them out.
 *
 * **Source**: PyTorch 2.x, `torch.nn`: `Module.state_dict()` of `Linear`, `BatchNorm1d`,
 * `MultiheadAttention`, `TransformerEncoderLayer` and `TransformerDecoderLayer`.
 *
 * @module
 */
import { BatchNorm } from "../layers/batch_norm.ts";
import { Linear } from "../layers/linear.ts";
import { MultiheadAttention } from "../layers/multihead_attention.ts";
import { TransformerDecoderLayer } from "../layers/transformer_decoder_layer.ts";
import { TransformerEncoderLayer } from "../layers/transformer_encoder_layer.ts";
import type { Module } from "../module.ts";

/** One entry of PyTorch's state dict. */
export interface TorchEntry {
  /** Its name there. */
  readonly there: string;
  /** Names here, of what lies one after another there along the first axis; none for what is only there. */
  readonly here: readonly string[];
  /** Whether matrices are turned around. */
  readonly isTransposed: boolean;
}

/**
 * Lists the entries that a module has in PyTorch's state dict.
 *
 * @param module The module.
 * @returns The entries, of its modules as well.
 */
export function torchEntries(module: Module): TorchEntry[] {
  if (module instanceof MultiheadAttention) {
    const { heads, keyHeads } = module.settings;
    if (heads === keyHeads) return attentionEntries(module);
  }
  const names = CHILD_NAMES.find(([Type]) => module instanceof Type)?.[1] ?? {};
  return [
    ...ownEntries(module),
    ...[...module.children()].flatMap(([name, child]) =>
      torchEntries(child).map((entry) => ({
        ...entry,
        there: `${names[name] ?? name}.${entry.there}`,
        here: entry.here.map((own) => `${name}.${own}`),
      }))
    ),
  ];
}

type ModuleType = abstract new (...options: never[]) => Module;

/** What modules of modules call theirs there, where it is another name. */
const CHILD_NAMES: readonly (readonly [
  ModuleType,
  Readonly<Record<string, string>>,
])[] = [
  [TransformerEncoderLayer, { attention: "self_attn" }],
  [TransformerDecoderLayer, {
    attention: "self_attn",
    crossAttention: "multihead_attn",
  }],
];

function ownEntries(module: Module): TorchEntry[] {
  const entries = [...module.ownParameters().keys()].map((name) => ({
    there: name,
    here: [name],
    isTransposed: module instanceof Linear && name === "weight",
  }));
  if (!(module instanceof BatchNorm)) return entries;
  return [
    ...entries.map((entry) => ({
      ...entry,
      there: RUNNING_NAMES[entry.there] ?? entry.there,
    })),
    { there: "num_batches_tracked", here: [], isTransposed: false },
  ];
}

const RUNNING_NAMES: Readonly<Record<string, string>> = {
  runningMean: "running_mean",
  runningVariance: "running_var",
};

/** Queries, keys and values are one there. */
function attentionEntries(attention: MultiheadAttention): TorchEntry[] {
  const entries = (field: string, isTransposed: boolean): TorchEntry[] => [
    {
      there: `in_proj_${field}`,
      here: ["query", "key", "value"].map((part) => `${part}.${field}`),
      isTransposed,
    },
    { there: `out_proj.${field}`, here: [`output.${field}`], isTransposed },
  ];
  return [
    ...entries("weight", true),
    ...attention.settings.bias ? entries("bias", false) : [],
  ];
}
