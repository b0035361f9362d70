import { assertEquals } from "@std/assert";
import { ConsoleLines, type ConsoleTarget } from "./console_lines.ts";

/** A plugin whose log is `lines`. */
class FakePlugin implements ConsoleTarget {
  isLive = false;
  readonly lines: string[] = [];

  log(_level: string, line: string): void {
    this.lines.push(line);
  }
}

Deno.test("ConsoleLines keeps lines for the first plugin that has a log", () => {
  const [first, second] = [new FakePlugin(), new FakePlugin()];
  const plugins = [first, second];
  const console = new ConsoleLines();
  console.print({ level: "info", message: "early" }, plugins);
  second.isLive = true;
  console.flush(plugins);
  console.flush(plugins);
  first.isLive = true;
  console.print({ level: "info", message: "late" }, plugins);
  assertEquals([first.lines, second.lines], [["late"], ["early"]]);
});

Deno.test("ConsoleLines keeps the first 100 lines and no more", () => {
  const plugin = new FakePlugin();
  const console = new ConsoleLines();
  for (let i = 0; i < 1000; i++) {
    console.print({ level: "info", message: String(i) }, [plugin]);
  }
  plugin.isLive = true;
  console.flush([plugin]);
  assertEquals(plugin.lines, Array.from({ length: 100 }, (_, i) => String(i)));
});
