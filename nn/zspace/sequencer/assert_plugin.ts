import { OptionChecks } from "../check_options.ts";

/**
 * Requires what can watch sequencers: what is attached is called in the middle of passes, where it is too
 * late to find out that it is none.
 *
 * @param plugin What is to watch.
 * @throws {OptionError} `INVALID_OPTION` if it has no name, cannot be told of stages, or wants something
 * else than a list of kinds.
 */
export function assertSequencerPlugin(plugin: unknown): void {
  const { name, onStage, kinds, publishStages } = Object(plugin);
  const checks = new OptionChecks("a plugin of sequencers");
  checks.when(typeof name !== "string" || name.trim() === "", {
    name: "name",
    value: name,
    range: "a name with text",
  });
  checks.when(typeof onStage !== "function", {
    name: "onStage",
    value: onStage,
    range: "a function",
  });
  const range = "a list of kinds of stages";
  checks.when(kinds !== undefined && !isKinds(kinds), {
    name: "kinds",
    value: kinds,
    range,
  });
  const isWish = publishStages === undefined ||
    typeof publishStages === "boolean" || isKinds(publishStages);
  checks.when(!isWish, {
    name: "publishStages",
    value: publishStages,
    range: `true, false or ${range}`,
  });
  checks.end();
}

function isKinds(value: unknown): boolean {
  return Array.isArray(value) &&
    value.every((kind) => typeof kind === "string");
}
