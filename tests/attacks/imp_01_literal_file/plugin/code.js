export { default } from "../../../../mod.ts";
