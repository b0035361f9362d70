// Oracle: mpmath 1.3 at 30 digits, log(abs(gamma(x))) and polygamma(n, x).

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { UnaryFunction } from "./call.ts";
import { digamma, lgamma, polygamma } from "./gamma.ts";

// deno-fmt-ignore
const POINTS = [
  -7.9, -2.5, -0.3, 0.001, 0.25, 0.75, 1.0001, 1.4616, 1.9999, 2.5, 3.3, 7.9, 8.1, 50, 10000,
];

interface Row {
  readonly name: string;
  readonly fn: UnaryFunction;
  readonly want: readonly number[];
  /** At 0, at -1, at Infinity and at -Infinity. */
  readonly ends: readonly number[];
  /** The bound in `float64`, relative. */
  readonly tolerance: number;
}

const ROWS: readonly Row[] = [
  {
    name: "lgamma",
    fn: lgamma,
    want: [
      -8.072039736012833,
      -0.056243716497674054,
      1.4648400508576025,
      6.907178885383853,
      1.2880225246980774,
      0.20328095143129538,
      -5.771334222047127e-05,
      -0.12148629003589732,
      -4.227520877215346e-05,
      0.2846828704729192,
      0.9870985778947344,
      8.32426586800881,
      8.72738826343204,
      144.5657439463449,
      82099.71749644238,
    ],
    ends: [Infinity, Infinity, Infinity, Infinity],
    tolerance: 1e-12,
  },
  {
    name: "digamma",
    fn: digamma,
    want: [
      -7.540007224419479,
      1.103156640645243,
      2.113309779635399,
      -1000.5755719318103,
      -4.2274535333762655,
      -1.0858608797864722,
      -0.5770511835143348,
      -3.110625123034165e-05,
      0.42271983967113097,
      0.7031566406452432,
      1.0348224890596216,
      2.002238487563571,
      2.0288674570805814,
      3.901989673427892,
      9.210290371142849,
    ],
    ends: [-Infinity, NaN, Infinity, NaN],
    tolerance: 1e-12,
  },
  {
    name: "polygamma of order 1",
    fn: (x) => polygamma(x, { order: 1 }),
    want: [
      103.23693140003948,
      9.539246644989124,
      13.945160267805722,
      1000001.6425331958,
      17.19732915450711,
      2.5418796476716063,
      1.6446936879331444,
      0.9677007114650835,
      0.6449744806987031,
      0.49035775610023485,
      0.3535015418410618,
      0.13493078345663442,
      0.13139024657674372,
      0.020201333226697125,
      0.00010000500016666666,
    ],
    ends: [Infinity, Infinity, 0, NaN],
    tolerance: 1e-9,
  },
  {
    name: "polygamma of order 2",
    fn: (x) => polygamma(x, { order: 2 }),
    want: [
      -1998.6737828651746,
      -0.1082040516417274,
      67.63908119988317,
      -2000000002.3976321,
      -129.32773993753693,
      -5.3026332163376395,
      -2.4034645367899485,
      -0.8855761967999034,
      -0.40416320469109274,
      -0.2362040516417274,
      -0.12375118526494272,
      -0.018179004838322604,
      -0.017238826956111914,
      -0.0004080799893375969,
      -1.000100005e-08,
    ],
    ends: [-Infinity, -Infinity, -0, NaN],
    tolerance: 1e-9,
  },
  {
    name: "polygamma of order 3",
    fn: (x) => polygamma(x, { order: 3 }),
    want: [
      60014.24854014009,
      194.74787621918762,
      766.6198904191685,
      6000000000006.469,
      1538.7821440091884,
      19.7633125348506,
      6.4914513859393415,
      1.5511250508129752,
      0.4940280392860124,
      0.22390584881725206,
      0.08584966733688494,
      0.0048911780612039225,
      0.004517200948804659,
      1.6486398720682052e-05,
      2.00030002e-12,
    ],
    ends: [Infinity, Infinity, 0, NaN],
    tolerance: 1e-9,
  },
  {
    name: "polygamma of order 5",
    fn: (x) => polygamma(x, { order: 5 }),
    want: [
      120000297.90834971,
      15382.140048026304,
      165634.3818520859,
      1.1999999999999998e+20,
      491552.5137676813,
      678.7533428745797,
      122.0085915861798,
      12.94055722392193,
      2.0817686888682694,
      0.5785691785671835,
      0.12084171431847723,
      0.001057582598695834,
      0.0009266216146253927,
      8.071677135254362e-08,
      2.4006000599999993e-19,
    ],
    ends: [Infinity, Infinity, 0, NaN],
    tolerance: 1e-9,
  },
];

Deno.test.each(ROWS)(
  "$name() has the values of mpmath in float64",
  async ({ fn, want, ends, tolerance }) => {
    const got = await computeElements(fn(tensor(Float64Array.from(POINTS))));
    assertClose(got, want, { tolerance, equalNaN: true });
    const x = tensor([0, -1, Infinity, -Infinity]);
    assertEquals([...await computeElements(fn(x))], ends);
  },
);

Deno.test.each(ROWS)(
  "$name() is near in float32",
  async ({ fn }) => {
    const x = Float32Array.from(POINTS);
    const exact = await computeElements(fn(tensor(Float64Array.from(x))));
    const got = await fn(tensor(x)).data();
    got.forEach((y, i) => {
      // Near a zero the largest term counts, which is about 1.
      const size = Math.max(Math.abs(exact[i]!), 1);
      const isNear = Math.abs(y - exact[i]!) <= 5e-6 * size ||
        y === Math.fround(exact[i]!);
      assert(isNear, `at ${x[i]}: ${y}, want ${exact[i]}`);
    });
  },
);

Deno.test("lgamma() keeps its digits beside its zeros at 1 and 2, and up to 1e30", async () => {
  const x = Float32Array.of(0.9999, 1.0001, 1.001, 1.9999, 2.0001, 2.3, 5.5);
  const exact = await computeElements(lgamma(tensor(Float64Array.from(x))));
  const got = await lgamma(tensor(x)).data();
  got.forEach((y, i) => assert(Math.abs(y / exact[i]! - 1) < 2e-6, `${x[i]}`));
  // x (log x - 1), to which nothing else adds there.
  const far = await lgamma(tensor([1e30])).item();
  assert(Math.abs(far / (1e30 * (Math.log(1e30) - 1)) - 1) < 1e-6);
  assertEquals(await lgamma(tensor([1, 2])).array(), [0, 0]);
});

Deno.test.each(ROWS)(
  "$name() has the first and second derivative of central differences",
  async ({ fn }) => {
    const x = tensor([-1.4, 0.6, 1.3, 2.7, 9]);
    await assertGradients((x) => fn(x!), [x]);
    await assertGradients((x) => gradients(fn(x!).sum(), [x!])[0]!, [x], {
      tolerance: 1e-5,
    });
  },
);

Deno.test("polygamma() refuses an order that is none", () => {
  for (const order of [-1, 0.5, 31, NaN]) {
    const error = assertThrows(() => polygamma(zeros([2]), { order }));
    assert(isCoded(error) && error.code === "ATTRIBUTE_INVALID");
  }
  assertEquals(polygamma(zeros([2], { dtype: "int32" })).dtype, "float32");
});

Deno.test("polygamma() of order 0 is digamma()", async () => {
  const x = tensor([0.3, 4]);
  assertEquals(
    await polygamma(x, { order: 0 }).array(),
    await digamma(x).array(),
  );
});
