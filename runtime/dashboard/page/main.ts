/**
 * Starts the page: takes the token out of the address, where others could read it, and draws.
 *
 * @module
 */
import { h, render } from "preact";
import { App } from "./app.ts";
import { Store } from "./store.ts";
import { applyTheme, readTheme } from "./theme.ts";

/** Draws the page, and follows the server. */
function start(): void {
  // The cookie has the token by now.
  history.replaceState(null, "", `/${location.hash}`);
  applyTheme(readTheme());
  const store = new Store();
  render(h(App, { store }), document.body);
  store.connect();
}

// Tests of documentation import every module, where there is nothing to draw on.
if ("document" in globalThis) start();
