import { packageSpecifier } from "../contestants/names.ts";
import { ELEMENTS, finish, SIZE } from "./product.ts";

interface Matrix {
  data(): Promise<Float32Array>;
}

interface Tf {
  setBackend(name: string): Promise<boolean>;
  tensor(data: Float32Array, shape: readonly number[]): Matrix;
  matMul(left: Matrix, right: Matrix): Matrix;
}

const tf: Tf = await import(packageSpecifier("tfjs", "@tensorflow/tfjs"));
await import(packageSpecifier("tfjs", "@tensorflow/tfjs-backend-wasm"));
await tf.setBackend("wasm");
const x = tf.tensor(ELEMENTS, [SIZE, SIZE]);
finish((await tf.matMul(x, x).data())[0]!);
