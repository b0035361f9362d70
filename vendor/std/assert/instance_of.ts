export {
  type AnyConstructor,
  assertInstanceOf,
  type GetConstructorType,
} from "./mod.ts";
