/**
 * What the server tells the page: types alone, which both sides share. Numbers that are not finite are
 * `null` on the wire.
 *
 * @module
 */

/** Which chart a curve is drawn in. */
export type CurveGroup = "loss" | "accuracy" | "rate" | "speed" | "metric";

/** Points of one curve. */
export interface CurvePart {
  /** Which chart. */
  readonly group: CurveGroup;
  /** What it is called; unique in its group. */
  readonly name: string;
  /** Whether these are all points there are, in the place of those told before. */
  readonly isWhole: boolean;
  /** Steps, increasing. */
  readonly xs: readonly number[];
  /** Values. */
  readonly ys: readonly (number | null)[];
}

/** Where training stands. */
export interface RunState {
  /** What is going on; `waiting` before anything has been heard of a training. */
  readonly status:
    | "waiting"
    | "training"
    | "completed"
    | "stopped"
    | "aborted";
  /** Which pass it is, from 1; 0 before the first. */
  readonly epoch: number;
  /** The last pass there will be, if it is known. */
  readonly epochs: number | null;
  /** How many steps have been done. */
  readonly step: number;
  /** Loss of the last batch. */
  readonly loss: number | null;
  /** Learning rate of the last step. */
  readonly learningRate: number | null;
  /** Speed. */
  readonly examplesPerSecond: number | null;
  /** Loss on the validation data after the last pass. */
  readonly validationLoss: number | null;
  /** Accuracy after the last pass: on the validation data if there is any. */
  readonly accuracy: number | null;
  /** When the last event was heard, in milliseconds since the first. */
  readonly elapsedMs: number;
}

/** One event. */
export interface LogRow {
  /** Its number, from 0. */
  readonly idx: number;
  /** When it was published, in milliseconds since the recording began. */
  readonly elapsedMs: number;
  /** Who published it: a plugin's id, or `host`. */
  readonly source: string;
  /** What it is routed by. */
  readonly type: string;
  /** What it carries, as JSON; empty if nothing. */
  readonly text: string;
}

/** What has been heard so far. */
export interface LogState {
  /** How many events of each type have been heard. */
  readonly counts: readonly (readonly [type: string, count: number])[];
}

/** One decision about what a plugin may touch. */
export interface PermissionRow {
  /** What was asked for: `net api.example:443`. */
  readonly resource: string;
  /** What was decided. */
  readonly decision: "granted" | "refused";
  /** The rule that decided it. */
  readonly rule: string;
}

/** One plugin. */
export interface PluginRow {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: string;
  /** What it says it is. */
  readonly description: string;
  /** What it was loaded from. */
  readonly specifier: string;
  /** Where it stands. */
  readonly state: "active" | "locked" | "failed" | "gone";
  /** How far it is kept from the host; `null` if nothing of it runs. */
  readonly isolation: "inline" | "worker" | "process" | null;
  /** What it may touch, and what it may not. */
  readonly permissions: readonly PermissionRow[];
  /** What it brings: `operator acme:swish`. */
  readonly contributions: readonly string[];
  /** Limits that cannot be held here. */
  readonly limitsNotInForce: readonly string[];
  /** Its last failure; empty if there is none. */
  readonly failure: string;
}

/** One launch of a kernel. */
export interface KernelRow {
  /** What it computes, one instruction a line; the first says what kind of kernel it is. */
  readonly text: string;
  /** How long it takes, in milliseconds. */
  readonly timeMs: number;
  /** Operations on numbers. */
  readonly flops: number;
  /** Bytes that it reads. */
  readonly bytesRead: number;
  /** Bytes that it writes. */
  readonly bytesWritten: number;
}

/** The kernels that a step of training, or a call of the model, consists of. */
export interface KernelsView {
  /** What was measured. */
  readonly what: string;
  /** Name of the backend. */
  readonly backend: string;
  /** The launches, in order. */
  readonly kernels: readonly KernelRow[];
  /** Bytes of the parameters. */
  readonly parameterBytes: number;
  /** Bytes that hold values from one launch to another. */
  readonly temporaryBytes: number;
}

/** A box of the graph. */
export interface GraphBox {
  /** Name of an operator, of a parameter or of an input. */
  readonly label: string;
  /** Dtype and shape, and settings. */
  readonly detail: string;
  /** What kind of box it is. */
  readonly kind: "call" | "given" | "result";
  /** Where its left upper corner is. */
  readonly x: number;
  /** Where its left upper corner is. */
  readonly y: number;
  /** How wide it is. */
  readonly width: number;
  /** How high it is. */
  readonly height: number;
}

/** An arrow from box to box. */
export interface GraphArrow {
  /** Number of the box that it comes from. */
  readonly from: number;
  /** Number of the box that it goes to. */
  readonly to: number;
  /** Its line, as a path of SVG. */
  readonly path: string;
}

/** The graph of a model, laid out. */
export interface GraphView {
  /** How wide the picture is. */
  readonly width: number;
  /** How high the picture is. */
  readonly height: number;
  /** The boxes. */
  readonly boxes: readonly GraphBox[];
  /** The arrows. */
  readonly arrows: readonly GraphArrow[];
}

/** What is new since the last frame; what is left out is as it was. */
export interface Frame {
  /** What is shown, on the first frame. */
  readonly title?: string;
  /** Where training stands. */
  readonly run?: RunState;
  /** Whether curves told before belong to another training. */
  readonly isNewRun?: boolean;
  /** Curves. */
  readonly curves?: readonly CurvePart[];
  /** Events. */
  readonly rows?: readonly LogRow[];
  /** Events in numbers. */
  readonly log?: LogState;
  /** All plugins. */
  readonly plugins?: readonly PluginRow[];
  /** Kernels. */
  readonly kernels?: KernelsView;
  /** The graph. */
  readonly graph?: GraphView;
}
