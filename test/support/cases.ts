import { expect, it } from 'vitest';
import type { Command } from '../../src/app/command.js';
import { answer, type Given, type Planned, plan, type Refused, refusal } from './plan.js';

/** Tables of command lines. Each may bring a world of its own in the place of the common one. */
type Cases<Expected> = Readonly<Record<string, readonly [line: string, expected: Expected, given?: Given]>>;

/** One test for each line: the whole plan. */
export function itPlans(command: Command, common: Given, cases: Cases<Planned>): void {
  it.each(Object.entries(cases))('%s', async (_what, [line, expected, given = common]) => {
    expect(await plan(command, given, line)).toEqual(expected);
  });
}

/** One test for each line: the whole answer. */
export function itAnswers(command: Command, common: Given, cases: Cases<unknown>): void {
  it.each(Object.entries(cases))('%s', async (_what, [line, expected, given = common]) => {
    expect(await answer(command, given, line)).toEqual(expected);
  });
}

/** One test for each line: code and message of the refusal. */
export function itRefuses(command: Command, common: Given, cases: Cases<Refused>): void {
  it.each(Object.entries(cases))('%s', async (_what, [line, expected, given = common]) => {
    expect(await refusal(command, given, line)).toEqual(expected);
  });
}
