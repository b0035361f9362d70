import { type ComponentChildren, h, type JSX, type VNode } from "preact";

/**
 * Makes an element whose properties are checked. What is in it is shown as text: there is no way to give
 * it markup.
 *
 * @param tag Its name.
 * @param props Its properties.
 * @param children What is in it.
 * @returns The element.
 */
export function el<K extends keyof JSX.IntrinsicElements>(
  tag: K,
  props: JSX.IntrinsicElements[K],
  ...children: ComponentChildren[]
): VNode {
  return h<object>(tag, props as object, ...children);
}

/**
 * Makes an icon of lines.
 *
 * @param path Its lines, in a square of 24.
 * @returns The icon, which says nothing to who cannot see it.
 */
export function icon(path: string): VNode {
  return el(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    el("path", { d: path }),
  );
}

/**
 * Makes what stands where there is nothing to show.
 *
 * @param title What is missing.
 * @param advice What brings it.
 * @returns The element.
 */
export function nothing(title: string, ...advice: ComponentChildren[]): VNode {
  return el(
    "div",
    { class: "nothing" },
    el("p", { class: "nothing-title" }, title),
    el("p", {}, ...advice),
  );
}

/**
 * Makes a figure with its name.
 *
 * @param name What it is.
 * @param value The figure.
 * @param note What else there is to say of it.
 * @returns The element.
 */
export function tile(name: string, value: string, note = ""): VNode {
  return el(
    "div",
    { class: "tile" },
    el("dt", {}, name),
    el("dd", {}, value, note && el("small", {}, note)),
  );
}
