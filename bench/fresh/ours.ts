// Tensors alone, which is what the other libraries are.
import { tensor } from "@spiraltorch/spiraltorch/ops";
import { ELEMENTS, finish, SIZE } from "./product.ts";

const x = tensor(ELEMENTS, { shape: [SIZE, SIZE] });
finish((await x.matmul(x).data())[0]!);
