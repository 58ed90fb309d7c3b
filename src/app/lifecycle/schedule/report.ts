import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quote, quoteSome } from '../../../lib/display.js';
import { formatDate, formatRfc3339 } from '../../../lib/moment.js';
import { type Changed, type Checked, changed, type Finding, ok, type Step, warn } from '../../result.js';
import type { ScheduleRun, SlotRun } from './run-schedule.js';
import { stepCommand } from './step-command.js';

/** What a run did, or would have to do. */
export class ScheduleReport {
  readonly #run: ScheduleRun;
  readonly #tree: Tree;
  readonly #unreadable: readonly string[];

  /** @param unreadable why others could not be looked at */
  constructor(run: ScheduleRun, unreadable: readonly string[]) {
    this.#run = run;
    this.#tree = run.after;
    this.#unreadable = unreadable;
  }

  /** What was done, slot by slot, and when to come back. */
  done(): Changed {
    const steps = this.#run.slots.flatMap((slot) => this.#steps(slot));
    const failure = this.#failure();
    return { ...changed(...steps, ok(this.#comeBack())), data: this.#data(), ...(failure && { failure }) };
  }

  /** What is due and what stands in the way, without having done it. */
  due(): Checked {
    const findings: Finding[] = [
      ...this.#run.slots.flatMap((slot) => this.#finding(slot) ?? []),
      ...this.#unreadable.map((message) => ({ rule: 'unreadable', level: 'error', message }) as const),
    ];
    const isBad = findings.some(({ level }) => level === 'error');
    return {
      kind: 'checked',
      ok: !isBad,
      sections: [{ title: `Rotation, ${this.#comeBack()}`, findings }],
      data: this.#data(),
    };
  }

  /**
   * What there is to know beside what was done, and what whoever runs the servers has to do.
   *
   * @param isPushed whether servers get the accounts that changed
   */
  warnings(isPushed: boolean): string[] {
    const { slots } = this.#run;
    const accounts = [...new Set(slots.flatMap(({ taken }) => taken?.stepped.accounts ?? []))];
    return [
      ...this.#unreadable.map((message) => `not looked at: ${message}`),
      ...new Set(slots.flatMap(({ taken }) => taken?.stepped.warnings ?? [])),
      ...slots.flatMap((run) => this.#operatorNeed(run) ?? []),
      ...(accounts.length > 0 && !isPushed
        ? [`servers need ${quoteSome(accounts)} before the next step: nsc push --all`]
        : []),
    ];
  }

  #operatorNeed({ taken, next }: SlotRun): string | undefined {
    // what servers were given when the key was announced is enough until the old one goes
    if (!taken?.stepped.operatorChanged || taken.step === 'activate') return undefined;
    const { step, stepped } = taken;
    const task = `put the new JWT of operator ${quote(this.#tree.operator.name)} into the configuration of every server, and restart it`;
    if (step === 'finish') return `${task}: until then it trusts ${stepped.oldKeys.join(', ')}`;
    return next ? `${task}, before ${formatDate(next.at)}` : task;
  }

  #steps(run: SlotRun): Step[] {
    const { taken, blocked, idle } = run;
    const what = this.#what(run);
    const coming = run.next ? `${run.next.step} is due ${formatDate(run.next.at)}` : 'nothing is due';
    if (taken) return [...taken.stepped.steps, ok(`${what}: ${DONE[taken.step]}; ${coming}`)];
    if (blocked) return [warn(`${what}: ${blocked.step} is due and cannot be done: ${shown(blocked.error)}`)];
    if (idle === 'compromised') return [warn(`${what}: ${COMPROMISED}`)];
    if (idle === 'refused') return [ok(`${what}: it stays, because servers refuse the user`)];
    return [ok(idle === 'no-key' ? `${what}: there is no key to rotate` : `${what}: ${coming}`)];
  }

  #finding(run: SlotRun): Finding | undefined {
    const { taken, blocked, idle, slot } = run;
    const what = this.#what(run);
    if (taken) {
      const message = `${what}: ${taken.step} is due since ${formatDate(taken.since)}`;
      return { rule: 'due', level: 'error', message, hint: stepCommand(this.#tree, taken.step, slot) };
    }
    if (blocked) {
      const { message, hint } = blocked.error;
      const text = `${what}: ${blocked.step} is due since ${formatDate(blocked.since)}, and cannot be done: ${message}`;
      return { rule: 'blocked', level: 'error', message: text, ...(hint !== undefined && { hint }) };
    }
    return idle === 'compromised' ? { rule: 'blocked', level: 'error', message: `${what}: ${COMPROMISED}` } : undefined;
  }

  /** What is in use still is nobody's fault; everything else that stands in the way is. */
  #failure(): NscError | undefined {
    const failed = this.#run.slots.filter(({ blocked }) => blocked && blocked.error.code !== 'still-in-use');
    const [first] = failed;
    if (!first?.blocked) return undefined;
    const { code, message, hint } = first.blocked.error;
    const others = failed.length > 1 ? ` (and ${failed.length - 1} more of ${this.#run.slots.length})` : '';
    return new NscError(code, `${this.#what(first)}: ${message}${others}`, {
      ...(hint !== undefined && { hint }),
      details: { slots: failed.map((run) => this.#what(run)) },
    });
  }

  #comeBack(): string {
    const next = this.#earliest();
    return next?.next
      ? `next due ${formatDate(next.next.at)}: ${next.next.step} of ${this.#what(next)}`
      : 'nothing is due';
  }

  #earliest(): SlotRun | undefined {
    const coming = this.#run.slots.filter(({ next }) => next !== undefined);
    return coming.reduce<SlotRun | undefined>(
      (first, run) => (first?.next && first.next.at <= (run.next?.at ?? 0) ? first : run),
      undefined,
    );
  }

  #data(): Readonly<Record<string, unknown>> {
    const earliest = this.#earliest()?.next;
    return {
      nextDue: earliest ? formatRfc3339(earliest.at) : null,
      slots: this.#run.slots.map((run) => ({
        slot: this.#what(run),
        done: run.taken?.step ?? null,
        blocked: run.blocked
          ? { step: run.blocked.step, code: run.blocked.error.code, message: run.blocked.error.message }
          : null,
        next: run.next ? { step: run.next.step, due: formatRfc3339(run.next.at) } : null,
      })),
    };
  }

  #what({ slot }: SlotRun): string {
    return describeSlot(this.#tree, slot);
  }
}

const DONE = { start: 'a new key is announced', activate: 'the new key signs', finish: 'the old key is out' } as const;

const COMPROMISED = 'one of its keys is compromised; replace it at once with: nsc compromise KEY';

const shown = ({ message, hint }: NscError): string => (hint === undefined ? message : `${message}; ${hint}`);
