import { assertEquals } from "@std/assert";
import { cacheFolder } from "./cache_folder.ts";

Deno.test.each([
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
  { name: "none without a home", os: "linux", env: {}, want: undefined },
])("cacheFolder() gives $name", ({ os, env, want }) => {
  const read = (name: string) => new Map(Object.entries(env)).get(name);
  assertEquals(cacheFolder({ os, env: read }), want);
});
