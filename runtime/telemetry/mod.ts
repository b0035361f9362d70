/**
 * What an ecosystem does, as OpenTelemetry: spans, metrics and logs, which Deno sends where
 * `OTEL_EXPORTER_OTLP_ENDPOINT` says when it is started with `OTEL_DENO=true`. Only this door loads
 * `@opentelemetry/api`.
 *
 * @example A program that can be watched
 * ```ts
 * import { createEcosystem, tensor } from "@spiraltorch/spiraltorch";
 * import { consoleLog, startTelemetry } from "@spiraltorch/spiraltorch/telemetry";
 *
 * await using ecosystem = await createEcosystem({ log: consoleLog });
 * using _telemetry = startTelemetry({ events: ecosystem.events });
 * await tensor([1, 2]).exp().realize(); // a span, if somebody collects them
 * ```
 *
 * @module
 */

export type { Json } from "../../core/base/mod.ts";
export type { LogLevel, LogRecord, PluginEvent } from "../../core/mod.ts";
export { consoleLog } from "./console_log.ts";
export type { TelemetryEvents } from "./count_events.ts";
export { startTelemetry, type TelemetryOptions } from "./start_telemetry.ts";
