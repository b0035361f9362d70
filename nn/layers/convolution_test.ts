import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import type { Module } from "../module.ts";
import { Conv1d } from "./conv1d.ts";
import { Conv2d } from "./conv2d.ts";
import { ConvTranspose2d } from "./conv_transpose2d.ts";

const ONE = { inChannels: 1, outChannels: 1 };

Deno.test.each<{ name: string; make: () => Module; message: string }>([
  {
    name: "Conv2d of windows along one axis",
    make: () => new Conv2d({ ...ONE, kernelSize: [3] }),
    message: "Conv2d kernelSize",
  },
  {
    name: "Conv1d of windows along two axes",
    make: () => new Conv1d({ ...ONE, kernelSize: [3, 3] }),
    message: "a list of 1",
  },
  {
    name: "ConvTranspose2d of windows along three axes",
    make: () => new ConvTranspose2d({ ...ONE, kernelSize: [3, 3, 3] }),
    message: "a list of 2",
  },
  {
    name: "Conv2d of windows of no places",
    make: () => new Conv2d({ ...ONE, kernelSize: [3, 0] }),
    message: "Conv2d kernelSize",
  },
  {
    name: "Conv2d of channels that cannot be divided",
    make: () => new Conv2d({ ...ONE, groups: 2, kernelSize: 3 }),
    message: "Conv2d inChannels per group",
  },
])("$name is refused", ({ make, message }) => {
  const error = assertThrows(make, OptionError, message);
  assertEquals(error.code, "INVALID_OPTION");
});
