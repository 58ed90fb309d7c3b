import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/nkey.js';
import { itAnswers, itPlans, itRefuses } from '../../support/cases.js';
import { planRaw } from '../../support/plan.js';

describe('keys', () => {
  itAnswers(
    command,
    {},
    {
      'are shown, seed and public key': [
        '-a',
        {
          kind: 'emitted',
          what: 'keys',
          content: { secret: 'seed of new1\nnew1\n\n' },
          data: { keys: [{ kind: 'account', public_key: 'new1', seed: 'seed of new1' }] },
        },
      ],
      'of every kind, in the order of nsc': [
        '--curve --user --account --operator',
        {
          kind: 'emitted',
          what: 'keys',
          content: {
            secret: 'seed of new1\nnew1\n\nseed of new2\nnew2\n\nseed of new3\nnew3\n\nseed of new4\nnew4\n\n',
          },
          data: {
            keys: [
              { kind: 'operator', public_key: 'new1', seed: 'seed of new1' },
              { kind: 'account', public_key: 'new2', seed: 'seed of new2' },
              { kind: 'user', public_key: 'new3', seed: 'seed of new3' },
              { kind: 'curve', public_key: 'new4', seed: 'seed of new4' },
            ],
          },
        },
      ],
    },
  );

  it('are not stored when they are shown', async () => {
    const { plan } = await planRaw(command, {}, '-oaux');
    expect(plan.changes).toEqual([]);
  });

  it('are shown without a lock', () => {
    const none = { operator: undefined, account: true, user: undefined, curve: undefined, store: undefined };
    expect([command.readsOnly?.(none), command.readsOnly?.({ ...none, store: true })]).toEqual([true, false]);
  });

  itPlans(
    command,
    {},
    {
      'are stored and not shown': [
        '-ox -S',
        {
          changes: ['put-seed new1', 'put-seed new2'],
          steps: ['operator key new1 stored in `/keys/keys/new1.nk`', 'curve key new2 stored in `/keys/keys/new2.nk`'],
        },
      ],
    },
  );
  itRefuses(
    command,
    {},
    {
      'of no kind': ['', ['missing-option', 'no kind of key was named']],
      'of no kind, to be stored': ['--store', ['missing-option', 'no kind of key was named']],
      'with an argument (E-68)': ['-a x', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    },
  );
});
