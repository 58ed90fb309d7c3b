import { describe, expect, it } from 'vitest';
import { asking, flag, integer, list, type OptionSet, type Question, text } from '../../src/app/option.js';
import { keyOption } from '../../src/app/options/key.js';
import { requireKey } from '../../src/app/take-key.js';
import { askForMissing, unanswered } from '../../src/cli/ask.js';
import type { Input } from '../../src/cli/input.js';
import { NscError } from '../../src/errors.js';
import { KEYS, pub } from '../domain/trust/hierarchy.js';
import { type Answers, FakePrompter } from '../support/fake-prompter.js';
import { FakeWorld } from '../support/fake-world.js';

/** Asks about one option `x` and tells what was asked and what came of it. */
async function ask(
  question: Question<string>,
  answers: Answers,
  { option = text('x', { help: '' }), given = {} }: { option?: OptionSet[string]; given?: Input } = {},
): Promise<{ asked: string[]; input: Input }> {
  return askAll({ x: asking(option, question) }, answers, given);
}

async function askAll(
  options: OptionSet,
  answers: Answers,
  given: Input = {},
  conflicts?: readonly (readonly string[])[],
): Promise<{ asked: string[]; input: Input }> {
  const { workspace, ports } = new FakeWorld({ files: { 'a.nk': '$a1.seed', junk: 'junk' } });
  const prompter = new FakePrompter(answers);
  const input = await askForMissing({ options, ...(conflicts && { conflicts }) }, given, {
    workspace,
    ports,
    prompter,
  });
  return { asked: prompter.asked, input };
}

describe('a text', () => {
  const name: Question<string> = { message: 'Name', type: 'input' };
  it.each<[what: string, question: Question<string>, answers: Answers, input: Input, asked: string[]]>([
    ['is the value', name, { Name: 'a' }, { x: 'a' }, ['Name']],
    ['may be left out', name, {}, {}, ['Name']],
    ['is absent when it is unchanged', { ...name, default: () => 'b' }, {}, {}, ['Name (b)']],
    ['is absent when it is typed as it was', { ...name, default: () => 'b' }, { Name: 'b' }, {}, ['Name (b)']],
    ['can be changed', { ...name, default: () => 'b' }, { Name: 'a' }, { x: 'a' }, ['Name (b)']],
    [
      'counts though it is the default, if it is a proposal',
      { ...name, default: () => 'b', takesDefault: true },
      {},
      { x: 'b' },
      ['Name (b)'],
    ],
    [
      'counts only while it is a proposal',
      { ...name, default: () => 'b', takesDefault: (_workspace, { y }) => y === true },
      {},
      {},
      ['Name (b)'],
    ],
    [
      'is asked again when it is needed',
      { ...name, required: true },
      { Name: ['', 'a'] },
      { x: 'a' },
      ['Name', '! an answer is needed'],
    ],
    ['is not asked when there is no use', { ...name, when: () => false }, {}, {}, []],
    [
      'is asked again when the question minds it',
      {
        ...name,
        check: (given) => {
          if (given === 'taken') throw new NscError('already-exists', `"${given}" is taken`);
        },
      },
      { Name: ['taken', 'free'] },
      { x: 'free' },
      ['Name', '! "taken" is taken'],
    ],
  ])('%s', async (_what, question, answers, input, asked) => {
    expect(await ask(question, answers)).toEqual({ asked, input });
  });

  it('is asked again with the words of the option when it cannot be read', async () => {
    const option = integer('x', { help: '' }, { min: 0, max: 9 });
    expect(await ask({ message: 'Count', type: 'input' }, { Count: ['ten', '10', '9'] }, { option })).toEqual({
      asked: ['Count', '! "ten" is not an integer from 0 to 9', '! "10" is not an integer from 0 to 9'],
      input: { x: 9 },
    });
  });

  it('is asked again when what it points at will not do', async () => {
    const question: Question<never> = {
      message: 'Key',
      type: 'input',
      check: (key) => void requireKey('account', key),
    };
    const answers = { Key: ['nowhere.nk', 'junk', pub('u1'), 'a.nk'] };
    const { asked, input } = await ask(question, answers, { option: keyOption('x', { help: '' }) });
    expect(asked).toEqual([
      'Key',
      '! "nowhere.nk" is neither a key nor a key file',
      '! "junk" holds no key',
      `! ${pub('u1')} is a key of kind user, not account`,
    ]);
    expect(input).toEqual({ x: { text: 'a.nk', fromFile: 'a.nk', publicKey: pub('a1'), pair: KEYS.a1 } });
  });

  it('is not asked for when it was given', async () => {
    expect(await ask(name, {}, { given: { x: '' } })).toEqual({ asked: [], input: { x: '' } });
  });
});

describe('a list', () => {
  const tags: Question<string> = { message: 'Tag', type: 'list' };
  const option = list('x', { help: '' }, (tag) => {
    if (tag !== tag.trim()) throw new NscError('bad-value', `"${tag}" has blanks`);
    return tag.toLowerCase();
  });
  it.each<[what: string, answers: Answers, input: Input, asked: string[]]>([
    ['may stay empty', {}, {}, ['Tag (empty = none)']],
    [
      'is asked for until the answer is empty; an element is checked as it is typed',
      { 'Tag (empty = none)': 'A', 'Tag (empty = no more)': [' b', 'B,c', ''] },
      { x: ['a', 'b', 'c'] },
      ['Tag (empty = none)', 'Tag (empty = no more)', '! " b" has blanks', 'Tag (empty = no more)'],
    ],
  ])('%s', async (_what, answers, input, asked) => {
    expect(await ask(tags, answers, { option })).toEqual({ asked, input });
  });
});

describe('yes or no', () => {
  const option = flag('x', { help: '' });
  it.each<[preset: string | undefined, takesDefault: boolean, answer: boolean, input: Input]>([
    [undefined, false, false, {}],
    [undefined, false, true, { x: true }],
    ['true', false, true, {}],
    ['true', false, false, { x: false }],
    ['true', true, true, { x: true }],
    ['false', true, false, { x: false }],
  ])('preset %s, which counts: %s; answer %s', async (preset, takesDefault, answer, input) => {
    const question: Question<string> = { message: 'Really?', type: 'confirm', default: () => preset, takesDefault };
    const asked = [`Really? ${preset === 'true' ? 'yes' : 'no'}`];
    expect(await ask(question, { 'Really?': answer }, { option })).toEqual({ asked, input });
  });
});

describe('a choice', () => {
  const pick = (choices: Question['choices'] & object, more: Partial<Question<string>> = {}): Question<string> => ({
    message: 'Account',
    type: 'select',
    choices,
    ...more,
  });
  const few = () => ['A', 'B'];
  it.each<[what: string, question: Question<string>, answers: Answers, input: Input, asked: string[]]>([
    ['is the value', pick(few), { Account: 'B' }, { x: 'B' }, ['Account: A / B']],
    ['is absent when it is unchanged', pick(few, { default: () => 'B' }), {}, {}, ['Account: A / *B']],
    [
      'counts though it is the default, if it says what to work on',
      pick(few, { default: () => 'B', takesDefault: true }),
      {},
      { x: 'B' },
      ['Account: A / *B'],
    ],
    ['of one is none', pick(() => ['A']), {}, {}, []],
    [
      'of one is taken unasked, if it says what to work on',
      pick(() => ['A'], { takesDefault: true }),
      {},
      { x: 'A' },
      [],
    ],
    ['of one is asked for, if it is needed', pick(() => ['A'], { required: true }), {}, { x: 'A' }, ['Account: A']],
    ['of none is none', pick(() => [], { takesDefault: true }), {}, {}, []],
    [
      'has no default that is not there',
      pick(few, { default: () => 'C' }),
      { Account: 'A' },
      { x: 'A' },
      ['Account: A / B'],
    ],
    [
      'may be to leave it',
      pick(() => [{ value: '', label: '(none)' }, 'A']),
      { Account: '(none)' },
      {},
      ['Account: (none) / A'],
    ],
  ])('%s', async (_what, question, answers, input, asked) => {
    expect(await ask(question, answers)).toEqual({ asked, input });
  });
});

describe('several choices', () => {
  const some = (...choices: string[]): Question<string> => ({
    message: 'Users',
    type: 'checkbox',
    choices: () => choices,
  });
  const option = list('x', { help: '' });
  it.each<[what: string, question: Question<string>, answers: Answers, input: Input, asked: string[]]>([
    ['are the value', some('a', 'b,c'), { Users: ['a', 'b,c'] }, { x: ['a', 'b,c'] }, ['Users: [a] [b,c]']],
    ['may be none', some('a', 'b'), {}, {}, ['Users: [a] [b]']],
    ['may be the only one', some('a'), { Users: ['a'] }, { x: ['a'] }, ['Users: [a]']],
    ['are not asked about where there are none', some(), {}, {}, []],
  ])('%s', async (_what, question, answers, input, asked) => {
    expect(await ask(question, answers, { option })).toEqual({ asked, input });
  });
});

describe('questions', () => {
  const options: OptionSet = {
    url: text('url', { help: '', ask: { message: 'URL', type: 'input' } }),
    sys: flag('sys', { help: '', ask: { message: 'Sys?', type: 'confirm' } }),
    name: text('name', {
      help: '',
      ask: { message: 'Name', type: 'input', default: (_workspace, { url }) => `of ${url}` },
    }),
    silent: text('silent', { help: '' }),
  };
  const conflicts = [['url', 'sys']];

  it('are asked in the order of the options and know the answers before them', async () => {
    expect((await askAll(options, { URL: 'u' })).asked).toEqual(['URL', 'Sys? no', 'Name (of u)']);
  });

  it('are not asked where another answer excludes them', async () => {
    expect((await askAll(options, { URL: 'u' }, {}, conflicts)).asked).toEqual(['URL', 'Name (of u)']);
    expect((await askAll(options, {}, { sys: true }, conflicts)).asked).toEqual(['Name (of undefined)']);
    expect((await askAll(options, {}, { sys: false }, conflicts)).asked).toEqual(['URL', 'Name (of undefined)']);
  });

  it('that are open are told as options', () => {
    expect(unanswered({ options }, { sys: true })).toEqual(['--url', '--name']);
    expect(unanswered({ options, conflicts }, { sys: true })).toEqual(['--name']);
    const hidden = { silent: text('silent', { help: '', hidden: true, ask: { message: 'Silent', type: 'input' } }) };
    expect(unanswered({ options: hidden }, {})).toEqual([]);
    const positional = { option: 'silent', max: 1, placeholder: 'NAME' };
    expect(unanswered({ options: hidden, positional }, {})).toEqual(['--silent']);
  });
});
