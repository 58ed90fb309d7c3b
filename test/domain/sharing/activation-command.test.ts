import { expect, it } from 'vitest';
import { activationCommand } from '../../../src/domain/sharing/activation-command.js';
import { pub, sharingTree } from './accounts.js';

const exporter = sharingTree({ A: {} }).findAccount('A');

it.each([
  ['of an account of this store', exporter, 'B', 'a.>', '--account "A" --target-account "B" --subject "a.>"'],
  ['of a stranger', undefined, pub('b1'), 'a', `--target-account ${pub('b1')} --subject "a"`],
  ['a shell leaves subjects alone', undefined, 'B', '$JS.API.>', `--target-account "B" --subject '$JS.API.>'`],
])('%s', (_what, from, target, subject, options) => {
  expect(activationCommand(from, target, subject)).toBe(`nsc generate activation ${options} --output-file FILE`);
});
