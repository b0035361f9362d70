import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../errors.ts";
import type { PermissionRequest } from "../../plugin/isolation.ts";
import type { AuditRecord } from "./audit.ts";
import { toAccess } from "./access.ts";
import { authorize, type AuthorizeOptions } from "./authorize.ts";
import { PRIVATE_RANGES } from "./ceiling.ts";
import type { ConsentQuestion } from "./consent.ts";
import { parseLists, parsePolicy, type PluginPolicy } from "./policy.ts";

const URL_ASKED = "https://plugins.example/mod.ts";

interface Scene {
  readonly policies?: readonly PluginPolicy[];
  readonly lock?: Parameters<typeof parseLists>[1];
  /** What the lockfile says that nobody here has granted. */
  readonly claim?: Parameters<typeof parseLists>[1];
  readonly frozen?: boolean;
  /** What a person says. */
  readonly answer?: boolean;
}

/** Decides about a request; returns the rules, or the code and what is missing, and the trail. */
async function decide(request: PermissionRequest, scene: Scene) {
  const trail: AuditRecord[] = [];
  const questions: ConsentQuestion[] = [];
  const { answer } = scene;
  const granted = parseLists("lock", scene.lock ?? {});
  const claimed = [...granted, ...parseLists("claim", scene.claim ?? {})];
  const options: AuthorizeOptions = {
    policies: (scene.policies ?? []).map(parsePolicy),
    former: { granted, claimed },
    frozen: scene.frozen ?? false,
    consent: answer === undefined ? undefined : (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
    audit: (record) => void trail.push(record),
  };
  const requests = [["acme.a", request] as const];
  const outcome = await authorize({ url: URL_ASKED, requests }, options)
    .then(
      ({ allow, deny }) => ({
        allow: allow.map(({ text }) => text),
        deny: deny.map(({ text }) => text),
      }),
      (error: PluginError) => ({
        code: error.code,
        missing: error.details.missing,
      }),
    );
  const rules = trail.map(({ decision, rule }) => `${decision} ${rule}`);
  return { outcome, rules, questions };
}

const API: PermissionRequest = { net: ["api.example:443"] };
const ALLOW_API: PluginPolicy = { allow: { net: ["api.example"] } };

Deno.test.each<
  { name: string; request: PermissionRequest; scene: Scene; rule: string }
>([
  {
    name: "nothing without a policy",
    request: API,
    scene: {},
    rule: "refused default",
  },
  {
    name: "what a policy allows",
    request: API,
    scene: { policies: [ALLOW_API] },
    rule: "granted allow:net api.example",
  },
  {
    name: "what all policies allow only",
    request: API,
    scene: { policies: [ALLOW_API, {}] },
    rule: "refused default",
  },
  {
    name: "nothing that one policy denies",
    request: API,
    scene: {
      policies: [ALLOW_API, {
        allow: { net: ["api.example:443"] },
        deny: { net: ["api.example:443"] },
      }],
      answer: true,
      lock: { net: ["api.example:443"] },
    },
    rule: "refused deny:net api.example:443",
  },
  {
    name: "what was granted before",
    request: API,
    scene: { lock: { net: ["api.example:443"] } },
    rule: "granted lock",
  },
  {
    name: "nothing that a lockfile only claims",
    request: API,
    scene: { claim: { net: ["api.example:443"] } },
    rule: "refused lock-unconfirmed",
  },
  {
    name: "nothing that a lockfile only claims and a person refuses",
    request: API,
    scene: { claim: { net: ["api.example:443"] }, answer: false },
    rule: "refused lock-unconfirmed",
  },
  {
    name: "what a lockfile claims and a person allows",
    request: API,
    scene: {
      claim: { net: ["api.example:443"] },
      answer: true,
      frozen: true,
    },
    rule: "granted consent",
  },
  {
    name: "what a frozen lockfile claims and a policy allows",
    request: API,
    scene: {
      claim: { net: ["api.example:443"] },
      policies: [ALLOW_API],
      frozen: true,
    },
    rule: "granted allow:net api.example",
  },
  {
    name: "nothing that a lockfile claims and a policy denies",
    request: API,
    scene: {
      claim: { net: ["api.example:443"] },
      policies: [{ deny: { net: ["api.example:443"] } }],
      answer: true,
    },
    rule: "refused deny:net api.example:443",
  },
  {
    name: "what a person allows",
    request: API,
    scene: { answer: true },
    rule: "granted consent",
  },
  {
    name: "nothing that a person refuses",
    request: API,
    scene: { answer: false },
    rule: "refused consent-refused",
  },
  {
    name: "nothing new under a frozen lockfile, whatever a policy allows",
    request: API,
    scene: { policies: [ALLOW_API], frozen: true, answer: true },
    rule: "refused frozen",
  },
  {
    name: "no address of this machine",
    request: { net: ["127.1:80"] },
    scene: { policies: [{ allow: { net: ["127.0.0.1:80"] } }], answer: true },
    rule: "refused never:private-address",
  },
  {
    name: "an address of this machine where policies say so",
    request: { net: ["127.0.0.1:80"] },
    scene: {
      policies: [{ allow: { net: ["127.0.0.1:80"] }, privateNetwork: true }],
    },
    rule: "granted allow:net 127.0.0.1:80",
  },
  {
    name: "no host with all of its ports",
    request: { net: ["api.example"] },
    scene: { policies: [ALLOW_API], answer: true },
    rule: "refused never:every-port",
  },
  {
    name: "no variable that loads code",
    request: { env: ["LD_PRELOAD"] },
    scene: { policies: [{ allow: { env: ["LD_PRELOAD"] } }], answer: true },
    rule: "refused never:loader-variable",
  },
  {
    name: "no name that says nothing",
    request: { read: ["data"] },
    scene: { answer: true },
    rule: "refused invalid: wanted an absolute path or a file: URL",
  },
])("authorize() grants $name", async ({ request, scene, rule }) => {
  const { outcome, rules } = await decide(request, scene);
  assertEquals(rules, [rule]);
  assertEquals("code" in outcome, rule.startsWith("refused"));
  if ("code" in outcome) assertEquals(outcome.code, "PERMISSION_REFUSED");
});

Deno.test("authorize() names all that is missing, with the rules", async () => {
  const { outcome } = await decide(
    { net: ["api.example:443", "10.0.0.1:80"], gpu: true },
    {},
  );
  assertEquals(outcome, {
    code: "PERMISSION_REFUSED",
    missing: [
      { resource: "gpu", rule: "default" },
      { resource: "net api.example:443", rule: "default" },
      { resource: "net 10.0.0.1:80", rule: "never:private-address" },
    ],
  });
});

Deno.test("authorize() goes without what is optional", async () => {
  const { outcome, rules } = await decide(
    { net: ["api.example:443"], optional: { gpu: true } },
    { policies: [ALLOW_API] },
  );
  assertEquals(outcome, { allow: ["api.example:443"], deny: [] });
  assertEquals(rules, [
    "granted allow:net api.example",
    "refused default",
  ]);
});

Deno.test("authorize() keeps a denied part out of what is granted", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const { outcome } = await decide({ read: [path] }, {
    policies: [{
      allow: { read: [path] },
      deny: { read: [`${path}/secret`, "/etc"] },
    }],
  });
  assertEquals(outcome, { allow: [path], deny: [`${path}/secret`] });
});

Deno.test("authorize() asks once, in plain words, without what could imitate text", async () => {
  const { questions } = await decide(
    { net: ["api.example:443"], env: ["TOKEN"], write: ["/srv/\u202ea\u001b"] },
    { answer: false },
  );
  assertEquals(questions, [{
    url: URL_ASKED,
    pluginIds: ["acme.a"],
    wishes: [
      "read the environment variable TOKEN",
      "send to and receive from api.example:443",
      "change and delete /srv/a and all below it",
    ],
  }]);
});

Deno.test("authorize() refuses a folder with a link in it, naming the link", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/deep`);
  await Deno.symlink("/etc", `${path}/deep/out`);
  const scene: Scene = { policies: [{ allow: { read: [path] } }] };
  const { outcome } = await decide({ read: [path] }, scene);
  assertEquals(outcome, {
    code: "PERMISSION_REFUSED",
    missing: [{
      resource: `read ${path}`,
      rule: `inexact: "${path}/deep/out" is a link`,
    }],
  });
  // A path through the link is no better.
  const through = `${path}/deep/out/hosts`;
  const { rules } = await decide({ read: [through] }, {
    policies: [{ allow: { read: [path] } }],
  });
  assertEquals(rules, [`refused inexact: "${through}" is behind a link`]);
});

Deno.test("authorize() grants a file that is not there yet, in a folder that is", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const scene: Scene = { policies: [{ allow: { write: [path] } }] };
  const there = await decide({ write: [`${path}/new`] }, scene);
  assertEquals(there.outcome, { allow: [`${path}/new`], deny: [] });
  const nowhere = await decide({ write: [`${path}/none/new`] }, scene);
  assertEquals(nowhere.rules, [
    `refused inexact: "${path}/none" is behind a link or absent`,
  ]);
});

Deno.test("toAccess() says exactly what is granted", () => {
  const allow = parseLists("x", {
    net: ["api.example:443"],
    read: ["/srv/a", "/srv/b"],
    env: ["TOKEN", "ABSENT"],
    gpu: true,
  });
  const deny = parseLists("x", { read: ["/srv/a/secret"] });
  const env = (name: string) => name === "TOKEN" ? "t" : undefined;
  assertEquals(toAccess({ allow, deny }, { privateNetwork: false, env }), {
    flags: [
      "--allow-env=TOKEN,ABSENT",
      "--allow-net=api.example:443",
      `--deny-net=${PRIVATE_RANGES.join(",")}`,
      "--allow-read=/srv/a,/srv/b",
      "--deny-read=/srv/a/secret",
    ],
    env: { TOKEN: "t" },
    gpu: true,
  });
});

Deno.test("authorize() tells of each decision before it fails", async () => {
  const error = await assertRejects(
    () =>
      authorize({ url: URL_ASKED, requests: [["acme.a", API]] }, {
        policies: [],
        former: { granted: [], claimed: [] },
        frozen: false,
        consent: undefined,
        audit: () => {
          throw new PluginError("DISK_FULL", "Cannot write", {});
        },
      }),
    PluginError,
  );
  // What cannot be written down is not granted.
  assertEquals(error.code, "DISK_FULL");
});

/** A folder that no link leads to. */
async function temporaryFolder() {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
