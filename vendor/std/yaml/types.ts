export { type YamlPosition, YamlSyntaxError } from "./mod.ts";
