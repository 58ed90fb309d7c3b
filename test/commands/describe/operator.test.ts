import { describe } from 'vitest';
import { command } from '../../../src/commands/describe/operator.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { plainClaims } from '../../support/plain-claims.js';
import type { Given } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')], system_account: pub('a1') } });
const given: Given = {
  operators: [{ operator: O, accounts: [account('A', 'a1')] }, { operator: { ...operator(), name: 'P' } }],
};

const described = {
  kind: 'described',
  type: 'operator',
  token: '<operator O by o1>',
  claims: plainClaims(O),
  view: 'table',
  names: { o1: 'O', o2: 'O', a1: 'A' },
};
const bare = { ...described, names: {} };

describe('the operator', () => {
  itAnswers(command, given, {
    'that is selected, with the names of its keys': ['', described],
    'that is named': ['O', described],
    'that is named by its key': ['-n $o1', described],
    'that is named by flag': ['--name P', { ...described, claims: plainClaims(operator()), names: { o1: 'P' } }],
    'without names of keys': ['-W', bare],
    'as JSON': ['-J', { ...bare, view: 'json' }],
    'as JWT, which wins over everything else': ['--raw --json --field x', { ...bare, view: 'raw' }],
    'as one claim, which wins over JSON': ['-J -F nats.tags[0]', { ...bare, view: { field: 'nats.tags[0]' } }],
    'into a file': ['-R -o o.jwt', { ...bare, view: 'raw', file: 'o.jwt' }],
    'to standard output': ['-R -o --', { ...bare, view: 'raw' }],
  });
  itRefuses(command, given, {
    'that is not there': ['Q', ['operator-not-found', 'no operator "Q"']],
    'whose key is not there': ['$o3', ['operator-not-found', 'no operator with key o3 in /stores']],
    twice: ['O P', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
  });
});
