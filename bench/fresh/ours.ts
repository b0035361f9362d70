// Tensors alone.
import { tensor } from "@spiraltorch/spiraltorch/tensors";
import { ELEMENTS, finish, SIZE } from "./product.ts";

const x = tensor(ELEMENTS, { shape: [SIZE, SIZE] });
finish((await x.matmul(x).data())[0]!);
