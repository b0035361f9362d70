import type { LanguageBridging } from "../language/language_bridging.ts";
import type { StageDispatcher } from "./stage_dispatcher.ts";

/**
 * Tells plugins what a pass says in terms of language, one step after the other.
 *
 * @param stages Who is told.
 * @param said What it says.
 */
export async function tellLanguage(
  stages: StageDispatcher,
  said: LanguageBridging,
): Promise<void> {
  const { window, tokens, distribution, concept, label } = said;
  const { pulse, hint, narrative, fused } = said;
  await stages.deliver("SemanticWindowDerived", () => ({
    kind: "SemanticWindowDerived",
    window,
    tokens,
  }));
  await stages.deliver("SemanticDistributionDerived", () => ({
    kind: "SemanticDistributionDerived",
    distribution,
  }));
  await stages.deliver("CanonicalConceptSelected", () => ({
    kind: "CanonicalConceptSelected",
    concept,
    label,
  }));
  if (hint) {
    await stages.deliver("MaxwellBridgeEmitted", () => ({
      kind: "MaxwellBridgeEmitted",
      pulse,
      hint,
      ...narrative && { narrative },
    }));
  }
  await stages.deliver("SemanticWindowFused", () => ({
    kind: "SemanticWindowFused",
    window: fused,
  }));
  await stages.deliver("LanguageBridged", () => ({
    kind: "LanguageBridged",
    ...said,
  }));
}
