import type { PublishedVector } from "../published_vector_test.ts";
import {
  LanguageWaveEncoder,
  type LanguageWaveOptions,
} from "./language_wave_encoder.ts";

const ROWS: readonly {
  readonly text: string;
  readonly options: LanguageWaveOptions;
  readonly want: readonly number[];
}[] = [
  {
    text: "ab",
    options: { geometry: "exact" },
    want: [.699718264, 0, -.268320238, 0],
  },
  {
    text: "ab",
    options: { geometry: "classic" },
    want: [.699718264, 0, -.268320238, 0],
  },
  {
    text: "ab",
    options: { curvature: -4, geometry: "classic" },
    want: [.447474205, 0, -.27903895, 0],
  },
  {
    text: "ab",
    options: { curvature: -4, geometry: "exact" },
    want: [.416557264, 0, -.259759558, 0],
  },
  {
    text: "é😀z",
    options: { temperature: .5, geometry: "exact" },
    want: [.679246226, 0, -.186190107, -.052475322, -.186190107, .052475322],
  },
];

/** Every published wave of a text. */
export const LANGUAGE_VECTORS: readonly PublishedVector[] = ROWS.map(
  ({ text, options, want }) => ({
    name: `${text} at ${options.curvature ?? -1}, ${options.geometry}`,
    tensor: () => new LanguageWaveEncoder(options).encode(text),
    want,
  }),
);
