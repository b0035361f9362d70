import { ELEMENTS, finish } from "./product.ts";

finish(ELEMENTS[0]!);
