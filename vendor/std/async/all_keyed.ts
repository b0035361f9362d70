export {
  allKeyed,
  allSettledKeyed,
  type PromiseRecord,
  type SettledRecord,
} from "./mod.ts";
