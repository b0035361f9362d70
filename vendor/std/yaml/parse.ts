export { parse, parseAll, type ParseOptions, type SchemaType } from "./mod.ts";
