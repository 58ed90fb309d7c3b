import type { ExplainedCheck } from '../result.js';

/** What became of one check. */
export type Outcome = Pick<ExplainedCheck, 'message' | 'hint'> & { readonly state: 'ok' | 'failed' | 'unknown' };

/** One thing that servers look at, given what is known by then. */
export interface Check<Facts> extends Pick<ExplainedCheck, 'check' | 'on'> {
  run(facts: Facts): Outcome;
}

export const passed = (message: string): Outcome => ({ state: 'ok', message });
export const unknown = (message: string, hint?: string): Outcome => ({
  state: 'unknown',
  message,
  ...(hint !== undefined && { hint }),
});
export const failed = (message: string, hint?: string): Outcome => ({
  state: 'failed',
  message,
  ...(hint !== undefined && { hint }),
});

/** Collects what checks find, and goes no further than servers do: they stop at the first one that fails. */
export class Report {
  readonly checks: ExplainedCheck[] = [];
  /** What refuses; undefined while nothing does. */
  refusal: ExplainedCheck | undefined;
  #hasStopped = false;
  #otherJudge: string | undefined;

  /** From now on somebody else has the last word about what fails. @param who in words, for messages */
  leaveTo(who: string): void {
    this.#otherJudge = who;
  }

  /** @param facts undefined when it is not known what the checks would look at: they are not reached then */
  run<Facts>(checks: readonly Check<Facts>[], facts: Facts | undefined): void {
    for (const { check, on, run } of checks) {
      if (facts === undefined || this.#hasStopped) this.checks.push({ check, on, state: 'skipped', message: '' });
      else this.#take({ check, on, ...run(facts) });
    }
  }

  #take(found: ExplainedCheck): void {
    if (found.state !== 'failed') {
      this.checks.push(found);
      return;
    }
    this.#hasStopped = true;
    if (this.#otherJudge === undefined) this.refusal = found;
    const told = this.#otherJudge && ({ state: 'unknown', message: `${found.message}; ${this.#otherJudge}` } as const);
    this.checks.push({ ...found, ...told });
  }
}
