import { isPlainObject, type Issue, printable } from "../../core/base/mod.ts";
import {
  ATTRIBUTE_KINDS,
  choiceProblem,
  kindProblem,
  schemaProblem,
  textOf,
} from "../check_attributes.ts";
import type { AttributeSpec, OperatorDefinition } from "./definition.ts";
import { LIBRARY_BACKENDS } from "../dispatch/backend_names.ts";
import { specOf } from "./fill_attributes.ts";
import { shapeRuleProblem } from "./shape_rule.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_.:/-]*$/;
const NAME_LENGTH_MAX = 128;
const NUMBER = "(0|[1-9]\\d*)";
const PRERELEASE = `(${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
/** As Semantic Versioning 2.0.0 has it. */
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}` +
    `(-${PRERELEASE}(\\.${PRERELEASE})*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$`,
);

/**
 * Finds everything that is wrong with a definition, which may be anything.
 *
 * @param definition The definition.
 * @returns The problems; none if it holds together.
 */
export function* definitionIssues(
  definition: OperatorDefinition,
): Generator<Issue> {
  if (typeof definition !== "object" || definition === null) {
    yield issue("", `Found ${typeof definition}, wanted an object`);
    return;
  }
  yield* nameIssues("name", definition.name);
  yield* textIssues(definition);
  yield* listIssues(definition);
  yield* attributeIssues(definition.attributes ?? {});
  if (definition.kernels === undefined || definition.forward !== undefined) {
    yield* functionIssues("forward", definition.forward);
  }
  if (definition.kernels !== undefined) yield* kernelIssues(definition);
  yield* inferIssues(definition);
  if (definition.vjp !== undefined) {
    yield* functionIssues("vjp", definition.vjp);
  }
}

function* functionIssues(path: string, value: unknown): Generator<Issue> {
  if (typeof value === "function") return;
  yield issue(path, `Found ${typeof value}, wanted a function`);
}

function* nameIssues(path: string, name: unknown): Generator<Issue> {
  const isName = typeof name === "string" && NAME.test(name) &&
    name.length <= NAME_LENGTH_MAX;
  if (isName) return;
  const found = typeof name === "string"
    ? JSON.stringify(printable(name, 80))
    : typeof name;
  yield issue(
    path,
    `Found ${found}, wanted a letter, then letters, digits and _.:/-, at most ${NAME_LENGTH_MAX}`,
  );
}

function* textIssues(definition: OperatorDefinition): Generator<Issue> {
  const { version, description } = definition;
  const isVersion = version === undefined ||
    (typeof version === "string" && VERSION.test(version));
  if (!isVersion) {
    yield issue(
      "version",
      `Found ${
        printable(textOf(version), 80)
      }, wanted a semantic version, "1.0.0"`,
    );
  }
  if (description !== undefined && typeof description !== "string") {
    yield issue("description", `Found ${typeof description}, wanted text`);
  }
  for (const field of ["isDifferentiable", "isVariadic"] as const) {
    const value: unknown = definition[field];
    if (value === undefined || typeof value === "boolean") continue;
    yield issue(field, `Found ${typeof value}, wanted true or false`);
  }
  if (definition.isDifferentiable === false && definition.vjp !== undefined) {
    yield issue("vjp", "Found a gradient of what is not differentiable");
  }
}

function* listIssues(definition: OperatorDefinition): Generator<Issue> {
  const { inputs, outputs = ["y"], aliases = [], backends = [] } = definition;
  const hasInputs = isNames(inputs) &&
    (inputs.length > 0 || definition.isVariadic !== true);
  if (!hasInputs) yield issue("inputs", "Wanted a list of different names");
  if (!isNames(outputs) || outputs.length === 0) {
    yield issue("outputs", "Wanted a list of different names, at least one");
  }
  if (!isNames(backends)) {
    yield issue("backends", "Wanted a list of different names");
  }
  if (!isNames(aliases)) {
    yield issue("aliases", "Wanted a list of different names");
    return;
  }
  for (const [i, alias] of aliases.entries()) {
    yield* nameIssues(`aliases.${i}`, alias);
    if (alias === definition.name) {
      yield issue(`aliases.${i}`, "Found the operator's own name");
    }
  }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((name) => typeof name === "string") &&
    new Set(value).size === value.length;
}

function* attributeIssues(
  attributes: NonNullable<OperatorDefinition["attributes"]>,
): Generator<Issue> {
  for (const [name, given] of Object.entries(attributes)) {
    const path = `attributes.${printable(name, 80)}`;
    const spec = specOf(given);
    if (!ATTRIBUTE_KINDS.includes(spec?.kind)) {
      yield issue(
        path,
        `Found ${printable(textOf(given), 80)}, wanted one of ${
          ATTRIBUTE_KINDS.join(", ")
        }`,
      );
      continue;
    }
    yield* valuesIssues(`${path}.values`, spec);
    const { schema } = spec;
    if (schema !== undefined && typeof schema?.safeParse !== "function") {
      yield issue(`${path}.schema`, `Found ${typeof schema}, wanted a schema`);
      continue;
    }
    if (spec.default === undefined) continue;
    const problem = kindProblem(spec.default, spec.kind) ??
      choiceProblem(spec.default, spec.values) ??
      (schema && schemaProblem(spec.default, schema));
    if (problem) yield issue(`${path}.default`, problem);
  }
}

function* valuesIssues(
  path: string,
  { kind, values }: AttributeSpec,
): Generator<Issue> {
  if (values === undefined) return;
  if (kind !== "string") {
    yield issue(path, `Found values of kind "${kind}", wanted "string"`);
  } else if (!isNames(values) || values.length === 0) {
    yield issue(path, "Wanted a list of different texts, at least one");
  }
}

function* kernelIssues(definition: OperatorDefinition): Generator<Issue> {
  const { kernels, forward, infer, vjp, outputs = ["y"] } = definition;
  if (!isPlainObject(kernels) || Object.keys(kernels).length === 0) {
    yield issue("kernels", "Wanted functions by name of a backend");
    return;
  }
  for (const [backend, kernel] of Object.entries(kernels)) {
    const path = `kernels.${printable(backend, 80)}`;
    if (!LIBRARY_BACKENDS.includes(backend)) {
      yield issue(path, `Wanted one of ${LIBRARY_BACKENDS.join(", ")}`);
    }
    yield* functionIssues(path, kernel);
    if (backend !== "webgpu" && kernel?.code?.language === "wgsl") {
      yield issue(path, `Found a kernel in WGSL, wanted it for "webgpu"`);
    }
  }
  if (Array.isArray(outputs) && outputs.length > 1) {
    yield issue("kernels", "Found several outputs, a kernel computes one");
  }
  if (forward !== undefined) return;
  if (infer === undefined) {
    yield issue(
      "infer",
      "Found nothing, kernels alone need a rule or function",
    );
  }
  if (definition.isDifferentiable === true && vjp === undefined) {
    yield issue("vjp", "Found nothing, a kernel alone has no gradient");
  }
}

function* inferIssues(definition: OperatorDefinition): Generator<Issue> {
  const { infer, inputs, outputs = ["y"], isVariadic } = definition;
  if (infer === undefined || typeof infer === "function") return;
  const isRule = typeof infer === "string" ||
    (typeof infer === "object" && infer !== null);
  if (!isRule) {
    yield issue(
      "infer",
      `Found ${typeof infer}, wanted a shape rule or a function`,
    );
    return;
  }
  if (!isNames(inputs) || !isNames(outputs)) return;
  const shape = typeof infer === "string" ? infer : infer.shape;
  const isNamed = shape === "same" || shape === "broadcast";
  const problem = isVariadic && !isNamed
    ? `Found a pattern, wanted "same" or "broadcast" for any number of inputs`
    : shapeRuleProblem(infer, { inputs, outputs });
  if (problem) yield issue("infer", problem);
}

function issue(path: string, message: string): Issue {
  return { code: "DEFINITION", path, message };
}
