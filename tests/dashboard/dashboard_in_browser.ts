// What a user of `spiral train --dash` sees, in a real browser. No unit test: it needs the system's
// Chromium, and has a task of its own, `deno task test:dash`.

import {
  assert,
  assertEquals,
  AssertionError,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import {
  MARKUP,
  startTraining,
  type WatchedTraining,
} from "./watched_training.ts";

const SCREENSHOTS = new URL("../../out/dashboard/", import.meta.url).pathname;
const PAGES = ["Training", "Plugins", "Events", "Kernels", "Graph"] as const;

/** How many pictures a browser draws before a curve that stands is one that will not move. */
const FRAMES_MAX = 1000;

/** Adds up how far things have moved that were already there: the layout shift of Web Vitals. */
const NOTE_SHIFTS = `
window.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) {
    if (!hadRecentInput) window.shift += value;
  }
}).observe({ type: "layout-shift", buffered: true });
`;
/** What Web Vitals call good. */
const SHIFT_MAX = 0.1;

/** Where distributions put Chromium. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser of the system, or that of `CHROMIUM`. */
async function findChromium(): Promise<string | undefined> {
  for (const path of [Deno.env.get("CHROMIUM") ?? "", ...PLACES]) {
    const isThere = await Deno.stat(path).then(() => true, () => false);
    if (isThere) return path;
  }
  return undefined;
}

const executablePath = await findChromium();

/** A page of the dashboard, and what it did that it should not. */
interface Watched {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens the dashboard; every request, error and warning of the page is held against it. */
async function open(
  browser: Browser,
  { url, theme = "light", width = 1280, height = 860 }: {
    readonly url: string;
    readonly theme?: "light" | "dark";
    readonly width?: number;
    readonly height?: number;
  },
): Promise<Watched> {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, colorScheme: theme });
  await context.addInitScript(NOTE_SHIFTS);
  const page = await context.newPage();
  const problems: string[] = [];
  const { host } = new URL(url);
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) problems.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    problems.push(message.text());
  });
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("dialog", (dialog) => problems.push(dialog.message()));
  await page.goto(url);
  await page.getByRole("heading", { name: "Training" }).waitFor();
  return { page, problems };
}

/** Goes to a page as a keyboard does. */
async function go(page: Page, name: typeof PAGES[number]): Promise<void> {
  await page.keyboard.press(String(PAGES.indexOf(name) + 1));
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Waits for the figure of a tile to be something else, and gives it. */
async function nextFigure(
  page: Page,
  name: string,
  not: string,
): Promise<string> {
  const figure = page.locator(".tile", { hasText: name }).locator("dd");
  await figure.filter({ hasNotText: not }).waitFor();
  return await figure.innerText();
}

/** The picture of the first chart. */
function drawing(page: Page): Promise<string> {
  return page.locator(".plot canvas").first().evaluate(
    (canvas) => Reflect.get(canvas, "toDataURL").call(canvas) as string,
  );
}

/** Waits until the first chart has another picture. */
async function changedDrawing(page: Page, before: string): Promise<void> {
  for (let frame = 0; frame < FRAMES_MAX; frame++) {
    if (await drawing(page) !== before) return;
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  throw new AssertionError(`The curve has not moved in ${FRAMES_MAX} frames`);
}

async function checkAccess(url: string): Promise<void> {
  const { origin } = new URL(url);
  for (
    const [path, status] of [["/", 401], ["/live", 401], ["/?token=x", 403]]
  ) {
    const response = await fetch(`${origin}${path}`);
    assertEquals([path, response.status], [path, status]);
    await response.body?.cancel();
  }
}

async function checkCurve(page: Page): Promise<void> {
  const step = await nextFigure(page, "Step", "0");
  await page.locator(".plot canvas").first().waitFor();
  const before = await drawing(page);
  assertNotEquals(await nextFigure(page, "Step", step), step);
  await page.locator(".plot[aria-label*=validation]").first().waitFor();
  await changedDrawing(page, before);
  const shift = Number(await page.evaluate("window.shift"));
  assert(shift < SHIFT_MAX, `things have moved: ${shift}`);
  const label = await page.locator(".plot").first().getAttribute("aria-label");
  assertMatch(
    label!,
    /^Loss: each step [\d.e-]+, smoothed [\d.e-]+, validation/,
  );
}

async function checkPages(page: Page): Promise<void> {
  await go(page, "Plugins");
  const plugin = page.getByRole("article", { name: "plugin acme.hostile" });
  await plugin.getByText("process", { exact: true }).waitFor();
  await plugin.getByText("./hostile.ts", { exact: true }).waitFor();
  await plugin.getByText(MARKUP, { exact: true }).waitFor();
  assertEquals(
    await plugin.locator(".refused .mono").allInnerTexts(),
    ["env TOKEN", "net api.example:443"],
  );
  await page.keyboard.press("/");
  await page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
  await page.keyboard.type("onerror");
  await page.locator("td.content", { hasText: MARKUP }).first().waitFor();
  assertEquals(
    new Set(await page.locator("tbody td:nth-child(2)").allInnerTexts()),
    new Set(["acme:<b>bold</b>"]),
  );
  await page.keyboard.press("Tab");
  await go(page, "Kernels");
  const kernels = page.locator(".kernels li");
  assert(await kernels.count() > 5);
  await kernels.first().locator("summary").click();
  await kernels.first().getByText("epilogue").first().waitFor();
  await go(page, "Graph");
  await page.locator(".box.result").waitFor();
  assert(await page.locator(".box").count() > 8);
  assert(await page.locator(".arrow").count() > 8);
}

/** Colors, names and roles, as axe knows the rules of WCAG. */
async function checkAccessibility(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run()") as {
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  };
  const violations = found.violations.map(({ id, nodes }) =>
    `${where}: ${id}: ${nodes[0]!.html}`
  );
  assertEquals(violations, []);
}

async function checkLooks(
  { page, problems }: Watched,
  name: string,
): Promise<void> {
  for (const each of PAGES) {
    await go(page, each);
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - innerWidth",
    );
    assertEquals(overflow, 0, `${each} is too wide for ${name}`);
    // The same elements and colors at every width.
    if (!name.endsWith("_390")) {
      await checkAccessibility(page, `${each}, ${name}`);
    }
    await page.screenshot({
      path: `${SCREENSHOTS}${each.toLowerCase()}_${name}.png`,
    });
  }
  assertEquals(await page.evaluate("window.hacked"), undefined);
  assertEquals(problems, []);
}

async function checkKeyboard(page: Page): Promise<void> {
  await go(page, "Training");
  // From the top, as when the page was opened.
  await page.reload();
  const names: string[] = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press("Tab");
    names.push(
      await page.locator(":focus-visible").evaluate((found) =>
        Reflect.get(found, "ariaLabel") ?? Reflect.get(found, "innerText")
      ),
    );
  }
  assertEquals(names, [
    "Skip to content",
    ...PAGES,
    "Theme: system",
    "Keyboard shortcuts",
    "Log scale",
  ]);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("change the theme").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await page.getByRole("button", { name: "Theme: light" }).waitFor();
}

async function watch(training: WatchedTraining): Promise<void> {
  const { url } = training;
  await checkAccess(url);
  const browser = await chromium.launch({
    executablePath: executablePath!,
    // Who is root, as on most servers, has no sandbox of this kind.
    args: ["--no-sandbox"],
  });
  try {
    const light = await open(browser, { url });
    assertEquals(new URL(light.page.url()).search, "");
    await checkCurve(light.page);
    await checkPages(light.page);
    await checkLooks(light, "light_1280");
    await checkKeyboard(light.page);
    for (const [theme, width] of [["dark", 1024], ["dark", 390]] as const) {
      const watched = await open(browser, { url, theme, width });
      await nextFigure(watched.page, "Validation loss", "–");
      await checkLooks(watched, `${theme}_${width}`);
    }
    // Ctrl-C while three pages are looking.
    assertEquals(await training.interrupt(), 130);
    await light.page.getByText("Disconnected").waitFor();
  } finally {
    await browser.close();
  }
}

Deno.test({
  name: executablePath === undefined
    ? "the dashboard in a browser (stands aside: there is no Chromium on this machine)"
    : "the dashboard shows a training of digits, in both themes, to nobody else",
  ignore: executablePath === undefined,
  // The driver keeps what it has opened until the process ends.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await Deno.mkdir(SCREENSHOTS, { recursive: true });
    await using training = await startTraining();
    await watch(training);
  },
});
