import { assertEquals } from "@std/assert";
import { type FolderUse, systemFolder } from "./system_folder.ts";

Deno.test.each<{
  name: string;
  use?: FolderUse;
  os: string;
  env: Record<string, string>;
  want: string | undefined;
}>([
  {
    name: "XDG's folder",
    os: "linux",
    env: { XDG_CACHE_HOME: "/cache", HOME: "/srv/a" },
    want: "/cache/spiraltorch",
  },
  {
    name: "the home folder's for a relative one of XDG",
    os: "linux",
    env: { XDG_CACHE_HOME: "cache", HOME: "/srv/a" },
    want: "/srv/a/.cache/spiraltorch",
  },
  {
    name: "the library of macOS",
    os: "darwin",
    env: { HOME: "/srv/a" },
    want: "/srv/a/Library/Caches/spiraltorch",
  },
  {
    name: "the local data of Windows",
    os: "windows",
    env: { LOCALAPPDATA: "C:\\AppData" },
    want: "C:\\AppData\\spiraltorch",
  },
  {
    name: "XDG's folder for what must not be forgotten",
    use: "state",
    os: "linux",
    env: { XDG_STATE_HOME: "/state", XDG_CACHE_HOME: "/cache", HOME: "/srv/a" },
    want: "/state/spiraltorch",
  },
  {
    name: "the home folder's without it",
    use: "state",
    os: "linux",
    env: { XDG_CACHE_HOME: "/cache", HOME: "/srv/a" },
    want: "/srv/a/.local/state/spiraltorch",
  },
  {
    name: "what macOS calls support",
    use: "state",
    os: "darwin",
    env: { HOME: "/srv/a" },
    want: "/srv/a/Library/Application Support/spiraltorch",
  },
  { name: "none without a home", os: "linux", env: {}, want: undefined },
])("systemFolder() gives $name", ({ use = "cache", os, env, want }) => {
  const read = (name: string) => new Map(Object.entries(env)).get(name);
  assertEquals(systemFolder(use, { os, env: read }), want);
});
