import { assertText } from "../../check/assert_text.ts";
import { Module } from "../../module.ts";
import type { StageReport, ZSpaceSequencerPlugin } from "./stage.ts";
import { type StageAudience, StageDispatcher } from "./stage_dispatcher.ts";

/** A module that tells plugins of the stages of what it computes. */
export abstract class WatchedModule extends Module {
  /** Name of the module in its stages. */
  readonly name: string;
  /** Who is told of stages, and in which order. */
  protected readonly stages: StageDispatcher;

  /**
   * Constructs a new instance.
   *
   * @param name Name of the module in its stages.
   * @throws {OptionError} `INVALID_OPTION` if it is no text.
   */
  constructor(name: string) {
    super();
    assertText("name of a watched module", name);
    this.name = name;
    this.stages = new StageDispatcher(name);
  }

  /**
   * Lets a plugin watch this module.
   *
   * @param plugin The plugin.
   * @returns The attachment; disposing it ends it at once.
   * @throws {OptionError} `INVALID_OPTION` if it is no plugin.
   */
  attach(plugin: ZSpaceSequencerPlugin): Disposable {
    return this.stages.attach(plugin);
  }

  /**
   * Lets those who watch many sequencers watch this one.
   *
   * @param audience The watchers, looked up at each stage.
   * @returns The connection, to be disposed.
   */
  join(audience: StageAudience): Disposable {
    return this.stages.join(audience);
  }

  /**
   * Lists who watches.
   *
   * @returns The plugins, in the order in which they are told.
   */
  plugins(): readonly ZSpaceSequencerPlugin[] {
    return this.stages.plugins();
  }

  /**
   * Waits until plugins have been told of all passes so far.
   *
   * @returns When they have been.
   */
  async settled(): Promise<void> {
    await this.stages.settled();
  }

  /**
   * Tells what became of the stages so far.
   *
   * @returns How many were told, and what failed.
   */
  stageReport(): StageReport {
    return this.stages.report();
  }
}
