import { type ComponentChild, Fragment, h, type VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { el, nothing, tile } from "./element.ts";
import { bytes, count, duration, short } from "./format.ts";
import type { Store } from "./store.ts";
import type { KernelRow, KernelsView } from "./wire.ts";

/** Ways to sort kernels: how each is told, and what it goes by. */
const ORDERS = {
  time: { name: "By time", of: ({ timeMs }: KernelRow) => timeMs },
  memory: { name: "By memory", of: memoryOf },
  run: { name: "As they run", of: () => 0 },
} as const;

/**
 * Shows the kernels of a step: what they compute, how long they take and how much memory they touch.
 *
 * @param props What is known.
 * @returns The page.
 */
export function KernelsPage(
  { store: { kernels } }: { readonly store: Store },
): ComponentChild {
  // The same element is not drawn again when something else has changed.
  return useMemo(
    () =>
      kernels ? h(KernelTable, { view: kernels }) : nothing(
        "No kernels",
        "They are measured where a model is at hand: ",
        el("code", {}, "spiral train config.yaml"),
        " with ",
        el("code", {}, "--dash"),
        " or ",
        el("code", {}, "--log"),
        ".",
      ),
    [kernels],
  );
}

function KernelTable({ view }: { readonly view: KernelsView }): VNode {
  const [order, setOrder] = useState<keyof typeof ORDERS>("time");
  const { kernels, what, backend, parameterBytes, temporaryBytes } = view;
  const totalMs = sumOf(kernels, ({ timeMs }) => timeMs);
  const flops = sumOf(kernels, ({ flops }) => flops);
  const { of } = ORDERS[order];
  const sorted = [...kernels.entries()].sort(([, a], [, b]) => of(b) - of(a));
  const most = {
    timeMs: Math.max(...kernels.map(({ timeMs }) => timeMs)),
    memory: Math.max(...kernels.map(memoryOf)),
  };
  return h(
    Fragment,
    {},
    el("p", { class: "muted lead" }, what),
    el(
      "dl",
      { class: "tiles" },
      tile("Backend", backend),
      tile("Kernels", count(kernels.length)),
      tile("Time", duration(totalMs)),
      tile("Speed", short(flops / Math.max(totalMs, 1e-6) / 1e6), "GFLOP/s"),
      tile("Parameters", bytes(parameterBytes)),
      tile("Temporaries", bytes(temporaryBytes)),
    ),
    el(
      "div",
      { class: "chips", role: "group", "aria-label": "Order" },
      Object.entries(ORDERS).map(([key, { name }]) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-pressed": key === order,
            onClick: () => setOrder(key as keyof typeof ORDERS),
          },
          name,
        )
      ),
    ),
    el(
      "ol",
      { class: "card kernels" },
      sorted.map(([index, kernel]) =>
        kernelRow(kernel, { index, totalMs, most })
      ),
    ),
  );
}

function kernelRow(
  kernel: KernelRow,
  { index, totalMs, most }: {
    readonly index: number;
    readonly totalMs: number;
    readonly most: { readonly timeMs: number; readonly memory: number };
  },
): VNode {
  const { text, timeMs, flops } = kernel;
  const memory = memoryOf(kernel);
  const perSecond = (amount: number) =>
    short(amount / Math.max(timeMs, 1e-6) / 1e6);
  const share = totalMs > 0 ? Math.round(100 * timeMs / totalMs) : 0;
  return el(
    "li",
    { key: index },
    el(
      "details",
      {},
      el(
        "summary",
        {},
        el("span", { class: "number muted" }, `#${index}`),
        el("span", { class: "mono what" }, text.split("\n", 1)[0]),
        bar("accent", timeMs / most.timeMs, `${duration(timeMs)}, ${share} %`),
        bar("second", memory / most.memory, bytes(memory)),
        el("span", { class: "number rate" }, `${perSecond(flops)} GFLOP/s`),
        el("span", { class: "number rate" }, `${perSecond(memory)} GB/s`),
      ),
      el("pre", { class: "mono" }, text),
    ),
  );
}

function bar(color: string, share: number, text: string): VNode {
  const width = `${Math.max(1, 100 * share).toFixed(1)}%`;
  return el(
    "span",
    { class: "bar" },
    el("i", { class: color, style: { width }, "aria-hidden": "true" }),
    el("span", { class: "number" }, text),
  );
}

function memoryOf({ bytesRead, bytesWritten }: KernelRow): number {
  return bytesRead + bytesWritten;
}

function sumOf(
  kernels: readonly KernelRow[],
  of: (kernel: KernelRow) => number,
): number {
  return kernels.reduce((sum, kernel) => sum + of(kernel), 0);
}
