// What Deno sends to a collector while a program is watched that loads a plugin and trains.

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const PATH = "examples/observability.ts";

interface SentSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}
interface SentMetric {
  readonly name: string;
}
interface SentLog {
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly spanId: string;
}

/** What a collector has been sent. */
interface Collected {
  readonly spans: SentSpan[];
  readonly metrics: SentMetric[];
  readonly logs: SentLog[];
}

/** A collector of OTLP as JSON, and what it has been sent. */
function startCollector(): {
  server: Deno.HttpServer<Deno.NetAddr>;
  collected: Collected;
} {
  const collected: Collected = { spans: [], metrics: [], logs: [] };
  const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { resourceSpans = [], resourceMetrics = [], resourceLogs = [] } =
      await request.json();
    for (const { scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) collected.spans.push(...spans);
    }
    for (const { scopeMetrics } of resourceMetrics) {
      for (const { metrics } of scopeMetrics) {
        collected.metrics.push(...metrics);
      }
    }
    for (const { scopeLogs } of resourceLogs) {
      for (const { logRecords } of scopeLogs) {
        collected.logs.push(...logRecords);
      }
    }
    return Response.json({});
  });
  return { server, collected };
}

/** Runs the program by the command in its header. */
async function runByHeader(env: Record<string, string>): Promise<string> {
  const source = await Deno.readTextFile(new URL(PATH, ROOT));
  const [, flags] = new RegExp(`\`deno run (.*) ${PATH}\``).exec(source)!;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", ...flags!.split(" "), PATH],
    cwd: ROOT,
    env,
  }).output();
  const text = new TextDecoder();
  assertEquals([code, code === 0 ? "" : text.decode(stderr)], [0, ""]);
  return text.decode(stdout);
}

/** Names of a span and those that it is within, without what they all begin with. */
function pathsOf(spans: readonly SentSpan[]): string[] {
  const known = new Map(spans.map((span) => [span.spanId, span]));
  return spans.map((span) => {
    const names: string[] = [];
    for (
      let one: SentSpan | undefined = span;
      one;
      one = known.get(one.parentSpanId)
    ) names.unshift(one.name.replace("spiraltorch.", ""));
    return names.join(" > ");
  });
}

Deno.test("observability sends spans that nest as the work does, metrics and logs", async () => {
  const { server, collected } = startCollector();
  await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
  const output = await runByHeader({
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
  });
  const paths = new Set(pathsOf(collected.spans));
  const step = "train.fit > train.epoch > train.step";
  for (
    const wanted of [
      "plugin.load > plugin.hook",
      "realize > plugin.call",
      "realize > kernel",
      `${step} > realize > kernel`,
    ]
  ) assert(paths.has(wanted), `${wanted} is not in\n${[...paths].join("\n")}`);
  const names = new Set(collected.metrics.map(({ name }) => name));
  for (
    const wanted of [
      "train.loss",
      "train.examples",
      "train.step.duration",
      "realize.duration",
      "kernel.bytes",
      "plugin.call.duration",
      "plugin.call.bytes",
    ]
  ) assert(names.has(`spiraltorch.${wanted}`), `no ${wanted}`);
  // What is computed elsewhere than wanted is logged within the work that found out.
  const log = collected.logs.find(({ body }) =>
    body.stringValue.startsWith("host: Something else")
  );
  const span = collected.spans.find(({ spanId }) => spanId === log?.spanId);
  assertEquals([log?.severityText, span?.name], [
    "WARN",
    "spiraltorch.realize",
  ]);
  assertEquals(output, await runByHeader({ OTEL_DENO: "false" }));
});
