import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/** A part of the hierarchy that a URL can name. */
export type Level = 'operator' | 'account' | 'user';

/** What a URL asks to be told beside the creds and the servers. */
export interface Wish {
  readonly level: Level;
  readonly what: 'key' | 'seed' | 'name';
  /** Which of its keys, for a seed; upper case. Absent = the identity key. */
  readonly publicKey?: string;
}

/** `nsc://operator[/account[/user]][?argument&…]`, as contexts of the `nats` tool hold it. Names are as written. */
export interface ProfileUrl {
  readonly operator: string;
  readonly account?: string;
  readonly user?: string;
  readonly storeRoot?: string;
  readonly keystoreDir?: string;
  readonly wishes: readonly Wish[];
}

const LEVELS: readonly Level[] = ['operator', 'account', 'user'];

/**
 * Reads such a URL (reference: nsc-distribution.md §2.6). The scheme may be left out, because newer versions of the
 * `nats` tool cut it off; more than three parts of the path are ignored. Names of arguments may be in any letter case,
 * values keep theirs (S-21). `key`, `seed` and `name` are about the last part of the path, `keys`, `seeds` and `names`
 * about every part there is (S-57).
 *
 * @throws NscError `bad-value`
 */
export function parseProfileUrl(text: string): ProfileUrl {
  const bare = text.replace(/^nsc:\/\//i, '');
  const end = bare.indexOf('?');
  const path = end < 0 ? bare : bare.slice(0, end);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw malformed(text, 'its scheme is not nsc');
  const [operator = '', account = '', user = ''] = path.split('/');
  if (operator === '') throw malformed(text, 'it names no operator');
  if (account === '' && user !== '') throw malformed(text, 'it names a user without an account');

  const present = LEVELS.slice(0, user !== '' ? 3 : account !== '' ? 2 : 1);
  const query = parseQuery(text, end < 0 ? '' : bare.slice(end + 1));
  const storeRoot = query.find(({ name }) => name === 'store')?.value;
  const keystoreDir = query.find(({ name }) => name === 'keystore')?.value;
  return {
    operator,
    ...(account !== '' && { account }),
    ...(user !== '' && { user }),
    ...(storeRoot && { storeRoot }),
    ...(keystoreDir && { keystoreDir }),
    wishes: query.flatMap((argument) => wishesOf(text, argument, present)),
  };
}

interface Argument {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

function parseQuery(text: string, query: string): Argument[] {
  return query
    .split('&')
    .filter((argument) => argument !== '')
    .map((argument) => {
      const [name = '', ...rest] = argument.split('=');
      return { name: decode(text, name).toLowerCase(), value: decode(text, rest.join('=')) };
    });
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw malformed(text, `${quote(part)} has a % that begins no escape`);
  }
}

function wishesOf(text: string, { name, value }: Argument, present: readonly Level[]): Wish[] {
  if (name === 'store' || name === 'keystore') return [];
  const [, named, what, plural] = /^(operator|account|user)?(key|seed|name)(s)?$/.exec(name) ?? [];
  if (what === undefined || (named !== undefined && plural !== undefined)) {
    throw malformed(text, `it has no argument ${quote(name)}`);
  }
  const levels = named !== undefined ? [named as Level] : plural !== undefined ? present : present.slice(-1);
  const missing = levels.find((level) => !present.includes(level));
  if (missing !== undefined) throw malformed(text, `${quote(name)} asks about the ${missing}, and it names none`);
  const selects = what === 'seed' && plural === undefined && value !== '';
  return levels.map((level) => ({
    level,
    what: what as Wish['what'],
    ...(selects && { publicKey: value.toUpperCase() }),
  }));
}

const malformed = (text: string, why: string): NscError =>
  new NscError('bad-value', `${quote(text)} is not the URL of a profile: ${why}`, {
    hint:
      'write nsc://OPERATOR[/ACCOUNT[/USER]][?ARGUMENT&…] with arguments such as keys, seeds, names, userKey, ' +
      'accountSeed=KEY, operatorName, store=DIR and keystore=DIR',
  });
