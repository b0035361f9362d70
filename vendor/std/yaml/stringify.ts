export {
  type SchemaType,
  stringify,
  type StringifyOptions,
  type StyleVariant,
} from "./mod.ts";
