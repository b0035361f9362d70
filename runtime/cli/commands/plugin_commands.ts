import type {
  ArgumentDefinition,
  CommandDefinition,
  OptionDefinition,
} from "../command.ts";

import { TEMPLATE_NAMES } from "../scaffold/template_names.ts";

/** Where plugins are locked. */
export const LOCK_OPTION: OptionDefinition = {
  flags: "--lock <file>",
  description: "the lockfile; spiral.lock if left out",
};

const CACHE_OPTION: OptionDefinition = {
  flags: "--cache <folder>",
  description: "the folder for modules; that of the system if left out",
};

const CONSENT_OPTION: OptionDefinition = {
  flags: "--consents <folder>",
  description:
    "the folder that knows what was granted on this machine; that of the system if left out",
};

const CLAIM_OPTION: OptionDefinition = {
  flags: "--locked-grants",
  description:
    "count what the lockfile says was granted, though it was not on this machine",
};

/** Options of commands that fetch. */
const FETCH_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: "--index <url>",
    description: "where plugins are looked up that are named by their ids",
  },
  {
    flags: "--key <key>",
    description: "a public key that may have signed the index",
    isRepeated: true,
  },
  {
    flags: "--http-host <host>",
    description:
      "let http: name that host too, where nothing protects what comes on the way",
    isRepeated: true,
  },
];

/** Options of commands that start plugins. */
const START_OPTIONS: readonly OptionDefinition[] = [
  LOCK_OPTION,
  CACHE_OPTION,
  CONSENT_OPTION,
  ...FETCH_OPTIONS,
  {
    flags: "--frozen",
    description:
      "leave the lockfile as it is, and refuse what it does not know",
  },
  {
    flags: "--allow <rule>",
    description:
      "let plugins have what they ask for: net=host:port, read=/path, write=/path, env=NAME, gpu, and by the host: fetch=URL, send=URL, files=/path",
    isRepeated: true,
  },
  {
    flags: "--deny <rule>",
    description: "never let them have it, not even with consent",
    isRepeated: true,
  },
  {
    flags: "--host <host>",
    description: "fetch plugins from there only",
    isRepeated: true,
  },
  {
    flags: "--private-network",
    description:
      "let addresses of this machine and of private networks be granted",
  },
  CLAIM_OPTION,
];

const NAME: ArgumentDefinition = { name: "id", description: "id of a plugin" };

const NAMES: ArgumentDefinition = {
  name: "plugins",
  description: "ids, or what they were added by",
  count: "some",
};

const SPECIFIERS: ArgumentDefinition = {
  name: "specifiers",
  description:
    "paths, URLs, jsr:@scope/name@range, npm:name@range, or ids of an index",
  count: "some",
};

/** Looks after the plugins of a project. */
export const PLUGIN_COMMAND: CommandDefinition = {
  name: "plugin",
  description: "Looks after plugins and the lockfile that they are held to.",
  commands: [
    {
      name: "add",
      description:
        "Loads plugins in their sandboxes, asks for what they want, and locks them.",
      args: [SPECIFIERS],
      options: START_OPTIONS,
      run: async (input) =>
        await (await import("../plugins/add_plugins.ts")).addPlugins(input),
      examples: [
        {
          line: "plugin add https://plugins.example/gates.ts",
          does: "fetches it once, and holds it to these bytes from then on",
        },
        {
          line: "plugin add jsr:@acme/swish@^1.0.0 --allow net=api.example:443",
          does: "grants one address without asking",
        },
        {
          line: "plugin add http://intranet/gates.ts --http-host intranet",
          does: "fetches it from a machine that speaks no https:",
        },
      ],
    },
    {
      name: "remove",
      description: "Takes plugins out of the lockfile that no other one needs.",
      args: [NAMES],
      options: [
        { flags: "--force", description: "even if another one needs them" },
        LOCK_OPTION,
        CONSENT_OPTION,
      ],
      run: async (input) =>
        await (await import("../plugins/remove_plugins.ts")).removePlugins(
          input,
        ),
      examples: [{ line: "plugin remove acme.swish", does: "takes it out" }],
    },
    {
      name: "list",
      description: "Lists what is locked, and what it may do.",
      options: [LOCK_OPTION, CONSENT_OPTION],
      run: async (input) =>
        await (await import("../plugins/list_plugins.ts")).listPlugins(input),
      examples: [{ line: "plugin list --json", does: "lists it as JSON" }],
    },
    {
      name: "search",
      description: "Finds plugins of an index by words.",
      args: [{ name: "words", description: "what to look for", count: "any" }],
      options: [LOCK_OPTION, ...FETCH_OPTIONS],
      run: async (input) =>
        await (await import("../plugins/search_plugins.ts")).searchPlugins(
          input,
        ),
      examples: [{
        line: "plugin search gate --index https://plugins.example/index.json",
        does: "finds the plugins that have to do with gates",
      }],
    },
    {
      name: "tree",
      description: "Draws which plugin needs which.",
      options: [
        {
          flags: "--format <name>",
          description: "how it is drawn",
          choices: ["text", "dot", "mermaid"],
        },
        LOCK_OPTION,
      ],
      run: async (input) =>
        await (await import("../plugins/plugin_tree.ts")).pluginTree(input),
      examples: [{ line: "plugin tree", does: "draws it as text" }],
    },
    {
      name: "why",
      description: "Tells which plugins need one.",
      args: [NAME],
      options: [LOCK_OPTION],
      run: async (input) =>
        await (await import("../plugins/plugin_tree.ts")).whyPlugin(input),
      examples: [{
        line: "plugin why acme.gates",
        does: "names the ways to it",
      }],
    },
    {
      name: "explain",
      description: "Tells what a plugin is, offers, needs and may do.",
      args: [NAME],
      options: [LOCK_OPTION, CONSENT_OPTION],
      run: async (input) =>
        await (await import("../plugins/plugin_tree.ts")).explainPlugin(input),
      examples: [{
        line: "plugin explain acme.gates",
        does: "tells all of it",
      }],
    },
    {
      name: "audit",
      description:
        "Looks for wide grants, grants that only the lockfile knows of, sources that nothing protects, and dependencies that are not met.",
      options: [LOCK_OPTION, CONSENT_OPTION, CLAIM_OPTION],
      run: async (input) =>
        await (await import("../plugins/audit_plugins.ts")).auditPlugins(input),
      examples: [{ line: "plugin audit", does: "ends with 1 if it finds any" }],
    },
    {
      name: "verify",
      description:
        "Hashes what is locked, where it lies, and tells which grants only the lockfile knows of; fetches nothing.",
      options: [LOCK_OPTION, CACHE_OPTION, CONSENT_OPTION],
      run: async (input) =>
        await (await import("../plugins/verify_plugins.ts")).verifyPlugins(
          input,
        ),
      examples: [{
        line: "plugin verify",
        does: "ends with 1 if a byte is another one",
      }],
    },
    {
      name: "prune",
      description:
        "Takes modules out of the folder for modules that no lockfile names.",
      options: [LOCK_OPTION, CACHE_OPTION, {
        flags: "--dry-run",
        description: "only tell what would go",
      }],
      run: async (input) =>
        await (await import("../plugins/prune_plugins.ts")).prunePlugins(input),
      examples: [{
        line: "plugin prune --dry-run",
        does: "tells how much would go",
      }],
    },
    {
      name: "update",
      description: "Fetches plugins anew, and locks what they are now.",
      args: [{ ...NAMES, count: "any" }],
      options: START_OPTIONS,
      run: async (input) =>
        await (await import("../plugins/update_plugins.ts")).updatePlugins(
          input,
        ),
      examples: [
        { line: "plugin update", does: "updates all of them" },
        { line: "plugin update acme.swish", does: "updates one" },
      ],
    },
    {
      name: "run",
      description:
        "Keeps plugins loaded until Ctrl-C, and shows what they bring and log; locks none of them.",
      args: [{ ...SPECIFIERS, count: "any" }],
      options: [
        { flags: "--once", description: "end as soon as they are loaded" },
        ...START_OPTIONS,
      ],
      run: async (input) =>
        await (await import("../plugins/run_plugins.ts")).runPlugins(input),
      examples: [{
        line: "plugin run ./plugins/gates.ts --once",
        does: "tells what a plugin brings",
      }],
    },
    {
      name: "new",
      description: "Writes a plugin to begin with, which passes its own tests.",
      args: [{ name: "folder", description: "a folder that is not there yet" }],
      options: [
        {
          flags: "--template <name>",
          description: "what it brings; an operator if left out",
          choices: TEMPLATE_NAMES,
        },
        {
          flags: "--id <id>",
          description: "its id; local.<folder> if left out",
        },
        {
          flags: "--library <folder>",
          description: "take the library from a checkout instead of JSR",
        },
      ],
      run: async (input) =>
        await (await import("../scaffold/new_plugin.ts")).newPlugin(input),
      examples: [{
        line: "plugin new swish --id acme.swish --template layer",
        does: "writes a plugin with a layer into the folder swish",
      }],
    },
  ],
};
