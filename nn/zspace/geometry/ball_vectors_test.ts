/** What the maps of the ball give, computed outside in `float64` from the formulas of the specification. */
import { gradients, type Tensor, tensor } from "../../../ops/mod.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { PoincareBall } from "./poincare_ball.ts";

const CURVATURES = [-1, -4, -0.25];

const X = [0.1, -0.2, 0.15];
const Y = [-0.12, 0.05, 0.3];
const V = [0.3, -0.2, 0.5];

/** For each map, its values for the three curvatures. */
const TABLE: Readonly<
  Record<string, readonly (readonly number[])[]>
> = {
  exp0: [
    [.267006142, -.178004095, .445010237],
    [.205229601, -.136819734, .342049334],
    [.290847633, -.193898422, .484746055],
  ],
  log0: [
    [-.124573113, .051905464, .311432783],
    [-.143524342, .059801809, .358810856],
    [-.121086476, .050452698, .302716189],
  ],
  add: [
    [.003786476, -.174808974, .428170717],
    [.058073217, -.219280675, .347659487],
    [-.013836676, -.156673612, .444963632],
  ],
  conformalFactor: [[2.156334232], [2.816901408], [2.03691916]],
  distance: [[.782487141], [.980842215], [.74296391]],
  exp: [
    [.326344223, -.383104284, .523214355],
    [.205157283, -.309169715, .32037903],
    [.379163882, -.397382314, .613864004],
  ],
  log: [
    [-.220237681, .261941918, .120675336],
    [-.20605973, .279472688, .02601804],
    [-.220269305, .253198359, .142876674],
  ],
  transport: [
    [.341645633, -.242629343, .420409784],
    [.392925456, -.269808692, .140695905],
    [.311122975, -.211922308, .481314793],
  ],
  gyration: [
    [.352447247, -.249886014, .439702078],
    [.465948116, -.328347008, .234692554],
    [.31371478, -.213640737, .485737246],
  ],
  distanceSlope: [
    [1.308719493, -1.556538795, -.717089666],
    [1.667006415, -2.260911258, -.210483822],
    [1.230081392, -1.413971824, -.797886654],
  ],
};

function compute(map: string, ball: PoincareBall): Tensor {
  const [x, y, v] = [X, Y, V].map((point) => tensor(point)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  switch (map) {
    case "exp0":
      return ball.exp0(v);
    case "log0":
      return ball.log0(y);
    case "add":
      return ball.add(x, y);
    case "conformalFactor":
      return ball.conformalFactor(x);
    case "distance":
      return ball.distance(x, y);
    case "exp":
      return ball.exp(x, v);
    case "log":
      return ball.log(x, y);
    case "transport":
      return ball.transport(x, y, v);
    case "gyration":
      return ball.gyration(x, y, v);
    default:
      return gradients(ball.distance(x, y), [x])[0]!;
  }
}

/** Every published value of the ball's maps. */
export const BALL_VECTORS: readonly PublishedVector[] = Object.entries(TABLE)
  .flatMap(([map, rows]) =>
    rows.map((want, i) => ({
      name: `${map} at curvature ${CURVATURES[i]}`,
      tensor: () =>
        compute(map, new PoincareBall({ curvature: CURVATURES[i]! })),
      want,
    }))
  );
