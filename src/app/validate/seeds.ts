import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { plural } from '../../lib/plural.js';
import type { Finding } from '../result.js';
import { failure } from './findings.js';

/**
 * Key files that hold another key than their name says, or none (E-09, E-40). A seed that is not there is no finding: it
 * may be kept elsewhere.
 *
 * @param publicKeys keys that sign; those of users are too many to be derived, `list keys` looks at them
 */
export function seedFindings(tree: Tree, publicKeys: readonly string[]): Finding[] {
  return [...new Set(publicKeys)].flatMap((key) => {
    try {
      tree.findKeyPair(key);
      return [];
    } catch (error) {
      const isSealed = error instanceof NscError && error.code === 'keystore-sealed';
      return [failure(error, isSealed ? SEALED : 'seed', 'warning')];
    }
  });
}

const SEALED = 'sealed';

interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Seeds that are encrypted, and that nothing opens unasked, come to one finding, in the first section. */
export function gatherSealed(sections: readonly Section[]): { title: string; findings: Finding[] }[] {
  const isSealed = ({ rule }: Finding): boolean => rule === SEALED;
  const count = sections.reduce((sum, { findings }) => sum + findings.filter(isSealed).length, 0);
  const finding: Finding = {
    rule: SEALED,
    level: 'warning',
    message: `${plural(count, 'seed')} of keys that sign ${count === 1 ? 'is' : 'are'} encrypted, and not looked at`,
    hint: 'give what opens them, as NSC_KEYSTORE_PASSPHRASE or NSC_KEYSTORE_IDENTITY',
  };
  return sections.map(({ title, findings }, at) => ({
    title,
    findings: [...findings.filter((one) => !isSealed(one)), ...(count > 0 && at === 0 ? [finding] : [])],
  }));
}
