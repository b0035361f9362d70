import {
  createEcosystem,
  type Ecosystem,
  type EcosystemOptions,
  type LogRecord,
} from "@spiraltorch/spiraltorch";

/** Everything that is said while a case runs, by whichever of its hosts. */
export class Talk {
  /** Lines of logs. */
  readonly log: LogRecord[] = [];
  /** Events, as they were published. */
  readonly events: unknown[] = [];
  /** Decisions of the policy. */
  readonly audit: unknown[] = [];
  /** What calls answered. */
  readonly answers: unknown[] = [];
  /** What failed. */
  readonly errors: unknown[] = [];

  /** Makes a host all of whose talk is heard. */
  async open(options: EcosystemOptions = {}): Promise<Ecosystem> {
    const { log = () => {}, audit = () => {} } = options;
    const ecosystem = await createEcosystem({
      ...options,
      log: (record) => {
        this.log.push(record);
        log(record);
      },
      audit: (record) => {
        this.audit.push(record);
        audit(record);
      },
    });
    ecosystem.events.subscribe("*", (event) => void this.events.push(event));
    return ecosystem;
  }
}
