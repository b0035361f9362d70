/**
 * The names by which a plugin imports the library. They are no part of its own module graph: in a
 * sandbox they mean the library that the host hands in, whatever version they ask for.
 */
export const SDK_SPECIFIER: RegExp =
  /^(?:@spiraltorch\/spiraltorch|jsr:\/?@spiraltorch\/spiraltorch(?:@[^/]+)?|spiraltorch)\/plugin$/;
