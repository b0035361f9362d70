/**
 * Tells whether this machine has a GPU, or something that passes for one. Asked in a process of its own:
 * drivers have crashed programs at their end that did nothing but ask.
 */
export async function hasGpu(): Promise<boolean> {
  const ask = "console.log(await navigator.gpu.requestAdapter() !== null)";
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ask],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).startsWith("true");
}
