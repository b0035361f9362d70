import { pluginMetadataInvalid } from "../errors.ts";

/**
 * Letters that look like a small Latin one, or whose capital looks like the Latin capital.
 *
 * **Source.** Unicode Technical Standard 39, "Unicode Security Mechanisms", `confusables.txt`: the letters of
 * Cyrillic, Greek, Armenian and extended Latin. What normalisation makes equal is not listed.
 */
const LOOKS_LIKE: readonly (readonly [latin: string, others: string])[] = [
  ["a", "аαɑ"],
  ["b", "вβьƅ"],
  ["c", "сϲᴄ"],
  ["d", "ԁժɗ"],
  ["e", "еεҽ"],
  ["f", "ƒք"],
  ["g", "ɡցɢ"],
  ["h", "һнηհ"],
  ["i", "іιıɩӏ"],
  ["j", "јϳյ"],
  ["k", "кκ"],
  ["l", "ⅼɭ"],
  ["m", "мμ"],
  ["n", "пոռ"],
  ["o", "оοօσ"],
  ["p", "рρϱ"],
  ["q", "ԛգ"],
  ["r", "гᴦ"],
  ["s", "ѕꜱ"],
  ["t", "тτ"],
  ["u", "υսцʋ"],
  ["v", "ѵνᴠ"],
  ["w", "ԝωաɯ"],
  ["x", "хχ"],
  ["y", "уγүч"],
  ["z", "ᴢζ"],
];

const TO_LATIN: ReadonlyMap<string, string> = new Map(
  LOOKS_LIKE.flatMap(([latin, others]) =>
    [...others].map((other) => [other, latin] as const)
  ),
);

// deno-lint-ignore no-control-regex -- all of ASCII is meant
const IS_ASCII = /^[\u0000-\u007f]*$/;

/** What an id looks like at a glance: letters of one script, without case and marks. */
function skeletonOf(id: string): string {
  const plain = id.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
  return Array.from(plain, (letter) => TO_LATIN.get(letter) ?? letter).join("");
}

/**
 * Finds an id that another one can be taken for. Ids of ASCII alone are told apart by those who read
 * them; one with letters of other scripts may look exactly the same.
 *
 * @param id The id.
 * @param known Ids that are known.
 * @returns The one that it looks like, or `undefined`.
 */
export function findTwin(
  id: string,
  known: Iterable<string>,
): string | undefined {
  const isAscii = IS_ASCII.test(id);
  const skeleton = skeletonOf(id);
  for (const other of known) {
    if (other === id || isAscii && IS_ASCII.test(other)) continue;
    if (skeletonOf(other) === skeleton) return other;
  }
  return undefined;
}

/**
 * Requires that a plugin cannot be taken for another one.
 *
 * @param id Its id.
 * @param known Ids that are known.
 * @throws {PluginError} `PLUGIN_METADATA_INVALID` if it can, naming the other one.
 */
export function assertNoTwin(id: string, known: Iterable<string>): void {
  const twin = findTwin(id, known);
  if (twin === undefined) return;
  const message = `found ${JSON.stringify(id)}, which looks like ${
    JSON.stringify(twin)
  }, wanted an id that cannot be taken for another plugin's`;
  throw pluginMetadataInvalid([{ code: "ID_CONFUSABLE", path: "id", message }]);
}
