import { quoteWord } from '../../lib/display.js';
import { isPublicKey } from '../nkey/codec.js';
import type { Exporter } from './exporters.js';

/**
 * The command that makes an activation, for hints.
 *
 * @param exporter undefined when it is not in this store
 * @param target name or public key of the account that imports
 */
export function activationCommand(exporter: Exporter | undefined, target: string, subject: string): string {
  const to = isPublicKey(target, 'account') ? target : quoteWord(target);
  const from = exporter ? ` --account ${quoteWord(exporter.name)}` : '';
  return `nsc generate activation${from} --target-account ${to} --subject ${quoteWord(subject)} --output-file FILE`;
}
