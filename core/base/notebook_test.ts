import { assertEquals } from "@std/assert";
import { displayTable, JUPYTER_DISPLAY } from "./notebook.ts";

Deno.test("JUPYTER_DISPLAY is the name that Deno's kernel knows", () => {
  assertEquals(JUPYTER_DISPLAY, Symbol.for("Jupyter.display"));
});

Deno.test("displayTable() aligns text to the right, and escapes HTML", () => {
  assertEquals(
    displayTable({
      caption: "a < b & c",
      head: ["x", "<y>"],
      rows: [["1", "2"], ["333", "4"]],
    }),
    {
      "text/plain": "a < b & c\n  x  <y>\n  1    2\n333    4",
      "text/html": "<table><caption>a &lt; b &amp; c</caption>" +
        "<tr><th>x</th><th>&lt;y&gt;</th></tr>" +
        "<tr><td>1</td><td>2</td></tr><tr><td>333</td><td>4</td></tr></table>",
    },
  );
});

Deno.test("displayTable() takes no rows at all", () => {
  assertEquals(displayTable({ caption: "none", rows: [] }), {
    "text/plain": "none",
    "text/html": "<table><caption>none</caption></table>",
  });
});
