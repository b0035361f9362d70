import { VERSION } from "../../version.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { cliUsage } from "../errors.ts";
import { isThere, writeNewFiles } from "../files.ts";
import { type PluginNames, pluginNames } from "./plugin_names.ts";
import type { PluginTemplate } from "./template.ts";
import type { TemplateName } from "./template_names.ts";
import { TEMPLATES } from "./templates.ts";

/** The parts of the library that a project needs by name where it is taken from a folder. */
const STD_PARTS = ["assert", "async", "semver", "testing", "yaml"];

/**
 * Writes a plugin to begin with: a module, a test that it passes, and how it is run and published.
 *
 * @param input The command line.
 * @returns What was written.
 * @throws {CliError} `CLI_USAGE` if the folder is there already, or the id is none.
 */
export async function newPlugin(input: CommandInput): Promise<CommandResult> {
  const { args: [folder = ""], options } = input;
  const name = (options.text("template") ?? "operator") as TemplateName;
  if (await isThere(folder)) {
    throw cliUsage(
      `found ${JSON.stringify(folder)}, wanted a folder that is not there`,
    );
  }
  const names = pluginNames(options.text("id") ?? `local.${lastPart(folder)}`);
  const library = options.text("library");
  const files = filesOf(names, { template: TEMPLATES[name], library });
  await writeNewFiles(folder, files);
  return {
    data: { folder, id: names.id, template: name, files: Object.keys(files) },
    text: ({ bold, dim }) =>
      [
        `${bold(names.id)} in ${folder}: ${Object.keys(files).join(", ")}`,
        dim(`next: cd ${folder} && deno task test`),
      ].join("\n"),
  };
}

/** The folder's name as an id may have it. */
function lastPart(folder: string): string {
  const name = folder.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

function filesOf(
  names: PluginNames,
  { template, library }: {
    readonly template: PluginTemplate;
    readonly library: string | undefined;
  },
): Record<string, string> {
  return {
    "deno.json": `${JSON.stringify(manifest(names, library), null, 2)}\n`,
    "mod.ts": template.module(names),
    "mod_test.ts": template.test(names),
    "README.md": readme(names, template),
  };
}

function manifest(
  { packageName }: PluginNames,
  library: string | undefined,
): object {
  return {
    name: packageName,
    version: "0.1.0",
    license: "MIT",
    exports: "./mod.ts",
    imports: {
      "@spiraltorch/spiraltorch": `jsr:@spiraltorch/spiraltorch@^${VERSION}`,
      "@std/assert": "jsr:@std/assert@^1.0.0",
    },
    ...library === undefined ? {} : {
      links: [
        library,
        ...STD_PARTS.map((part) => `${library}/vendor/std/${part}`),
      ],
    },
    publish: { exclude: ["*_test.ts"] },
    tasks: {
      // Its sandbox is a process, which the library locks down with tools of the system.
      test: "deno test --allow-read --allow-run",
    },
  };
}

function readme(
  { id, contribution, packageName }: PluginNames,
  { description, isInline = false }: PluginTemplate,
): string {
  const use = isInline
    ? `spiral train config.yaml --inline jsr:${packageName} --backend ${contribution}`
    : `spiral plugin add jsr:${packageName}`;
  return `# ${id}

A plugin for SpiralTorch: ${description}.

\`\`\`sh
# Tests it${isInline ? "" : ", in its sandbox too"}.
deno task test
# Publishes it on JSR.
deno publish
# How others take it into use.
${use}
\`\`\`
`;
}
