/** How the page looks: as the system has it, or as was chosen. */
export type Theme = "system" | "light" | "dark";

const KEY = "spiral-dash-theme";
const NEXT = { system: "light", light: "dark", dark: "system" } as const;

/**
 * Reads the theme that was chosen before.
 *
 * @returns The theme.
 */
export function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/**
 * Names the theme that comes after another one.
 *
 * @param theme The other one.
 * @returns The next one.
 */
export function nextTheme(theme: Theme): Theme {
  return NEXT[theme];
}

/**
 * Puts a theme into force, and remembers it.
 *
 * @param theme The theme.
 */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  localStorage.setItem(KEY, theme);
}

/**
 * Learns when colors change.
 *
 * @param onChange Told after each change.
 * @returns Ends it.
 */
export function watchTheme(onChange: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(onChange);
  system.addEventListener("change", onChange);
  observer.observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  return () => {
    system.removeEventListener("change", onChange);
    observer.disconnect();
  };
}

/**
 * Reads a color of the theme in force.
 *
 * @param name Its name in the style sheet, without dashes.
 * @returns The color.
 */
export function color(name: string): string {
  // A canvas knows no variables: an element does.
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
