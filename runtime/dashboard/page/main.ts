/**
 * Starts the page: takes the token out of the address, where others could read it, and draws.
 *
 * @module
 */
import { h, render } from "preact";
import { App } from "./app.ts";
import { Store } from "./store.ts";
import { applyTheme, readTheme } from "./theme.ts";

// The cookie has it by now.
history.replaceState(null, "", `/${location.hash}`);
applyTheme(readTheme());
const store = new Store();
render(h(App, { store }), document.body);
store.connect();
