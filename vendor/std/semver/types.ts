export type {
  Comparator,
  Operator,
  Range,
  ReleaseType,
  SemVer,
} from "./mod.ts";
