import { expect, test } from 'vitest';
import type { Checked } from '../../src/app/result.js';
import { colored, showColor, textOf } from './styles.js';

const checked: Checked = {
  kind: 'checked',
  ok: false,
  sections: [
    { title: 'Operator "O"', findings: [] },
    {
      title: 'Account "A"',
      findings: [
        { rule: 'C1', level: 'time', message: 'claim is expired', hint: 'nsc edit account A --expiry 1y' },
        { rule: 'AW1', level: 'warning', message: 'the account is self-signed\nand has limits' },
        { rule: 'X15', level: 'error', message: 'export "e": no wildcard' },
      ],
    },
  ],
};

test('sections list their findings with mark, rule and hint', async () => {
  expect(await textOf(checked)).toMatchInlineSnapshot(`
    "Operator "O": no issues found
    Account "A"
      #     Rule  Description
      1  !  C1    claim is expired
                  hint: nsc edit account A --expiry 1y
      2     AW1   the account is self-signed
                  and has limits
      3  !  X15   export "e": no wildcard
    2 errors, 1 warning
    "
  `);
});

test('colour underlines what blocks', async () => {
  expect(showColor(await textOf(checked, colored))).toMatchInlineSnapshot(`
    "<1>Operator "O"<22>: no issues found
    <1>Account "A"<22>
      #     Rule  Description
      1  <31>!<39>  C1    claim is expired
                  <2>hint:<22> nsc edit account A --expiry 1y
      2     AW1   the account is self-signed
                  and has limits
      3  <31>!<39>  X15   export "e": no wildcard
    2 errors, 1 warning
    "
  `);
});

test('a single clean section says so', async () => {
  expect(await textOf({ ...checked, ok: true, sections: checked.sections.slice(0, 1) })).toBe(
    'Operator "O": no issues found\n',
  );
});

test('several clean sections are summed up', async () => {
  const clean = { title: 'Account "B"', findings: [] };
  expect(await textOf({ kind: 'checked', ok: true, sections: [clean, clean] })).toBe(
    'Account "B": no issues found\nAccount "B": no issues found\nno issues found\n',
  );
});
