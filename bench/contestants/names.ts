/**
 * Who is measured, and the exact packages that are.
 *
 * @module
 */

import type { BenchBackend } from "../options.ts";

/** Names of the peers. */
export type PeerName = "jax" | "litert" | "ort" | "tfjs";

/** A peer: how tables call it, and its packages. */
export interface Peer {
  readonly title: string;
  /** What it computes on here. */
  readonly backends: readonly BenchBackend[];
  /** Whether it computes on several threads here. */
  readonly hasThreads: boolean;
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * The peers. Their packages are named here only, and imported by computed specifiers: nothing but a
 * bench of peers downloads them.
 */
export const PEERS: Readonly<Record<PeerName, Peer>> = {
  tfjs: {
    title: "TensorFlow.js",
    backends: ["wasm", "webgpu"],
    hasThreads: false,
    packages: {
      "@tensorflow/tfjs": "4.22.0",
      "@tensorflow/tfjs-backend-wasm": "4.22.0",
      "@tensorflow/tfjs-backend-webgpu": "4.22.0",
    },
  },
  ort: {
    title: "ONNX Runtime Web",
    backends: ["wasm", "webgpu"],
    hasThreads: true,
    packages: { "onnxruntime-web": "1.30.0" },
  },
  jax: {
    title: "jax-js",
    backends: ["wasm", "webgpu"],
    hasThreads: true,
    packages: { "@jax-js/jax": "0.1.25" },
  },
  litert: {
    title: "LiteRT.js",
    backends: ["wasm"],
    hasThreads: false,
    packages: { "@litertjs/core": "2.5.3", "flatbuffers": "25.9.23" },
  },
};

/**
 * Names a package of a peer as an import does.
 *
 * @param peer The peer.
 * @param name The package.
 * @returns Its specifier, with the version.
 */
export function packageSpecifier(peer: PeerName, name: string): string {
  return `npm:${name}@${PEERS[peer].packages[name]}`;
}
