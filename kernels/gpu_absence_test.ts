/** Whether tests on a GPU can run here. */

const adapter = await navigator.gpu?.requestAdapter();

/**
 * Why tests on a GPU are left out, for the end of their names; empty where they run. A software adapter
 * will do: on Debian, `mesa-vulkan-drivers` brings one.
 */
export const GPU_ABSENCE: string = adapter ? "" : " (skipped: no adapter here)";
