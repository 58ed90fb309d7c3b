import { expect, test } from 'vitest';
import type { Explained } from '../../src/app/result.js';
import { colored, showColor, textOf } from './styles.js';

const explained: Explained = {
  kind: 'explained',
  ok: false,
  title: 'user "u\u001b" of account "A" connects',
  checks: [
    { check: 'signature', on: 'user', state: 'ok', message: 'signed by A' },
    { check: 'source', on: 'user', state: 'unknown', message: 'it may connect from "x"\nonly', hint: 'name it' },
    { check: 'hours', on: 'user', state: 'failed', message: 'not now', hint: 'nsc edit user' },
    { check: 'limits', on: 'account', state: 'skipped', message: '' },
  ],
  verdict: 'refused: hours: not now',
  data: {},
};

test('checks stand in a row each, with what became of them', async () => {
  expect(await textOf(explained)).toMatchInlineSnapshot(`
    "user "u\\u{1b}" of account "A" connects
      ok           signature  signed by A
      unknown      source     it may connect from "x"
                              only
                              hint: name it
      failed       hours      not now
                              hint: nsc edit user
      not reached  limits
    refused: hours: not now
    "
  `);
});

test('colour shows what refuses', async () => {
  expect(showColor(await textOf(explained, colored))).toMatchInlineSnapshot(`
    "<1>user "u\\u{1b}" of account "A" connects<22>
      ok           signature  signed by A
      <2>unknown    <22>  source     it may connect from "x"
                              only
                              <2>hint:<22> name it
      <31>failed     <39>  hours      not now
                              <2>hint:<22> nsc edit user
      <2>not reached<22>  limits
    refused: hours: not now
    "
  `);
});
