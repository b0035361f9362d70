/**
 * House rules that `deno lint` cannot know, one entry a rule. They hold for the library: tests,
 * benches and tools are read by `layers` and `private-files` only.
 *
 * @module
 */
import { forbiddenImport, isEdge, isTest, layerOf } from "./layers.ts";

const ROOT = import.meta.dirname!.replace(/tools$/, "");
const FUNCTION_LINES_MAX = 70;

/** Words that the message grammar does without: say "cannot", not its short form. */
const CONTRACTION =
  /\b\w+n't\b|\b\w+'(re|ve|ll|d)\b|\b(it|that|there|what)'s\b/i;

/** Path of the file that is linted, relative to the root. */
function pathOf(context: Deno.lint.RuleContext): string {
  return context.filename.slice(ROOT.length).replaceAll("\\", "/");
}

/** Whether `path` is part of the library, not a test, a bench or a tool. */
function inLibrary(path: string): boolean {
  return layerOf(path) !== undefined && !isTest(path);
}

/** Calls `check` with the specifier of every import and re-export. */
function onSpecifiers(
  check: (node: Deno.lint.Node, specifier: string) => void,
): Deno.lint.LintVisitor {
  function visit(
    node:
      | Deno.lint.ImportDeclaration
      | Deno.lint.ExportAllDeclaration
      | Deno.lint.ExportNamedDeclaration,
  ): void {
    if (node.source) check(node, node.source.value);
  }
  return {
    ImportDeclaration: visit,
    ExportAllDeclaration: visit,
    ExportNamedDeclaration: visit,
    ImportExpression(node) {
      if (node.source.type === "Literal") {
        check(node, String(node.source.value));
      }
    },
  };
}

/** What a rule reports, and what to do about it. */
interface Advice {
  readonly message: string;
  readonly hint: string;
}

/** Reports every node that one of the selectors finds in a file that `applies` accepts. */
function banWhere(
  applies: (path: string) => boolean,
  selectors: readonly string[],
  advice: Advice,
): Deno.lint.Rule {
  return {
    create(context) {
      if (!applies(pathOf(context))) return {};
      function report(node: Deno.lint.Node): void {
        context.report({ node, ...advice });
      }
      return Object.fromEntries(selectors.map((found) => [found, report]));
    },
  };
}

/** Reports every node of the library that one of the selectors finds. */
function ban(selectors: readonly string[], advice: Advice): Deno.lint.Rule {
  return banWhere(inLibrary, selectors, advice);
}

const layers: Deno.lint.Rule = {
  create(context) {
    return onSpecifiers((node, specifier) => {
      const message = forbiddenImport(pathOf(context), specifier);
      if (message === undefined) return;
      const hint = "Move the shared part down a layer, or pass it in.";
      context.report({ node, message, hint });
    });
  },
};

const privateFiles: Deno.lint.Rule = {
  create(context) {
    return onSpecifiers((node, specifier) => {
      const isPrivate = /(^|\/)_[^/]*$/.test(specifier);
      if (!isPrivate || /^\.\/_[^/]*$/.test(specifier)) return;
      const message = "Private file is imported from another folder";
      const hint = "A file named `_x.ts` belongs to its own folder.";
      context.report({ node, message, hint });
    });
  },
};

const GLOBALS = "Deno|navigator|performance|crypto|caches|localStorage|process";
const CALLS = "fetch|setTimeout|setInterval|clearTimeout|clearInterval";

// The outside world enters at the edges; everything else can be replayed.
const platform: Deno.lint.Rule = banWhere(
  (path) => inLibrary(path) && !isEdge(path),
  [
    `MemberExpression[object.name=/^(${GLOBALS})$/]`,
    `MemberExpression[object.name="globalThis"][property.name=/^(${GLOBALS}|${CALLS})$/]`,
    `CallExpression[callee.name=/^(${CALLS})$/]`,
    'MemberExpression[object.name="Math"][property.name="random"]',
    'MemberExpression[object.name="Date"][property.name="now"]',
    'NewExpression[callee.name="Date"][arguments.length=0]',
    "NewExpression[callee.name=/^(Worker|WebSocket|BroadcastChannel)$/]",
  ],
  {
    message: "The platform is touched outside the edges",
    hint: "Take it as a parameter: a clock, a generator, a reader.",
  },
);

const messageGrammar: Deno.lint.Rule = {
  create(context) {
    if (!inLibrary(pathOf(context))) return {};
    function check(node: Deno.lint.Node, text: string): void {
      // One word is a code or a name, not a message.
      if (!text.includes(" ")) return;
      const isSentence = /^[A-Z"$]/.test(text) && !text.endsWith(".");
      if (isSentence && !CONTRACTION.test(text)) return;
      context.report({
        node,
        message: "Error message breaks the message grammar",
        hint:
          "Action, colon, found and wanted; capital first, no final period, no contractions.",
      });
    }
    return {
      "NewExpression[callee.name=/Error$/] > Literal"(node: Deno.lint.Node) {
        if (node.type === "Literal") check(node, String(node.value));
      },
      "NewExpression[callee.name=/Error$/] > TemplateLiteral"(
        node: Deno.lint.Node,
      ) {
        check(node, context.sourceCode.getText(node).slice(1, -1));
      },
    };
  },
};

/** A collection that starts empty can only be there to be filled, unless its type forbids it. */
const EMPTY_COLLECTION =
  ":matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator:has(> NewExpression[callee.name=/^(Map|Set|WeakMap|WeakSet)$/][arguments.length=0])";

const moduleState: Deno.lint.Rule = {
  create(context) {
    if (!inLibrary(pathOf(context))) return {};
    function report(node: Deno.lint.Node): void {
      context.report({
        node,
        message: "Module holds state that can change",
        hint: "Keep it in a value that is made, owned and disposed.",
      });
    }
    return {
      'Program > VariableDeclaration[kind="let"]': report,
      'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]':
        report,
      [EMPTY_COLLECTION](node: Deno.lint.VariableDeclarator) {
        const text = context.sourceCode.getText(node);
        if (!/^\w+: Readonly(Map|Set)\b/.test(text)) report(node);
      },
    };
  },
};

const functionLength: Deno.lint.Rule = {
  create(context) {
    if (!inLibrary(pathOf(context))) return {};
    function check(
      node:
        | Deno.lint.FunctionDeclaration
        | Deno.lint.FunctionExpression
        | Deno.lint.ArrowFunctionExpression,
    ): void {
      if (!node.body) return;
      const lines = context.sourceCode.getText(node.body).split("\n").length;
      if (lines <= FUNCTION_LINES_MAX) return;
      context.report({
        node,
        message: `Function has ${lines} lines, more than ${FUNCTION_LINES_MAX}`,
        hint:
          "If it is one idea, say so: `// deno-lint-ignore house/function-length -- why`.",
      });
    }
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "layers": layers,
    "private-files": privateFiles,
    "platform": platform,
    "message-grammar": messageGrammar,
    "function-length": functionLength,
    "coded-errors": ban(
      [
        "ThrowStatement > NewExpression[callee.name=/^(Error|TypeError|RangeError|SyntaxError)$/]",
      ],
      {
        message: "Thrown error has no code",
        hint: "Throw what a factory in the layer's errors.ts returns.",
      },
    ),
    "module-state": moduleState,
    "double-cast": ban(["TSAsExpression > TSAsExpression"], {
      message: "Type is forced by two casts",
      hint: "Parse the value, or fix the type that it comes from.",
    }),
    "private-fields": ban(
      [
        ':matches(MethodDefinition, PropertyDefinition)[accessibility="private"]',
      ],
      { message: "Member is private in TypeScript only", hint: "Write `#x`." },
    ),
    "function-declarations": ban(
      [
        ":matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > ArrowFunctionExpression",
      ],
      {
        message: "Top-level function is an arrow",
        hint: "Declare it with `function`.",
      },
    ),
  },
};

export default plugin;
