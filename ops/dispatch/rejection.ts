/** Why a backend does not run a call. */
export type RejectionReason =
  /** It has nothing that could run there. */
  | "NO_KERNEL"
  /** Its kernel for the backend failed before. */
  | "KERNEL_DISABLED"
  /** There is no such backend here, or it has not been made. */
  | "BACKEND_UNAVAILABLE"
  /** The backend cannot compute a kernel of the call, for its size or for what the device lacks. */
  | "FEATURE_MISSING"
  /** It could, but the call is not planned: its inputs do not fit. */
  | "SHAPE_UNSUPPORTED"
  /** As `SHAPE_UNSUPPORTED`, for dtypes. */
  | "DTYPE_UNSUPPORTED";

/** A backend that does not run a call. */
export interface DispatchRejection {
  /** Name of the backend. */
  readonly backend: string;
  /** Why it does not. */
  readonly reason: RejectionReason;
  /** The reason in words. */
  readonly detail: string;
}

/** Why a kernel that is there does not compute a call. */
export type KernelMisfit = Omit<DispatchRejection, "backend">;
