import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { zeros } from "../create.ts";
import { fullLike, onesLike, zerosLike } from "./creation.ts";

Deno.test("fullLike() and its kin take shape and dtype from another tensor", async () => {
  const x = zeros([2, 1], { dtype: "int32" });
  assertEquals(`${fullLike(x, 7)}`, "Tensor int32[2,1]");
  assertEquals(await fullLike(x, 7).array(), [[7], [7]]);
  assertEquals(await onesLike(x).array(), [[1], [1]]);
  assertEquals(await zerosLike(x).array(), [[0], [0]]);
  assertEquals(`${zerosLike(x, { dtype: "float16" })}`, "Tensor float16[2,1]");
});

Deno.test("fullLike() rejects what the dtype cannot hold, and what is no tensor", () => {
  for (
    const call of [
      () => fullLike(zeros([1], { dtype: "bool" }), 2),
      () => onesLike([1] as never),
      () => zerosLike(zeros([1]), 3 as never),
    ]
  ) {
    const error = assertThrows(call);
    assert(isCoded(error) && error.code === "INVALID_OPTION", `${error}`);
  }
});
