import { assertEquals } from "@std/assert";
import { accessProblem, accessText } from "./access_problem.ts";

/** An error of the platform's, by its name. */
function named(name: string, message = "os error"): Error {
  return Object.assign(new Error(message), { name });
}

Deno.test.each([
  {
    cause: named("NotFound"),
    want: "found no such file or folder, wanted one that is there",
  },
  { cause: named("IsADirectory"), want: "found a folder, wanted a file" },
  {
    cause: named("PermissionDenied"),
    want: "found that the system protects it, wanted rights of its user",
  },
  {
    cause: named(
      "NotCapable",
      'Requires write access to "x", run again with the --allow-write flag',
    ),
    want: "found no permission for it, wanted --allow-write",
  },
  { cause: named("NotCapable", "Not here"), want: "found Not here" },
  { cause: named("Error", "a full disk"), want: "found a full disk" },
  { cause: "broken", want: "found broken" },
])("accessText(accessProblem()) says $want", ({ cause, want }) => {
  assertEquals(accessText(accessProblem(cause)), want);
});
