import type { Command, Plan, PlanContext, TaskContext } from '../../src/app/command.js';
import type { GlobalInput } from '../../src/app/options/global.js';
import type { Ports, Talk } from '../../src/app/ports.js';
import type { Workspace } from '../../src/app/workspace.js';
import { globalsBeside } from '../../src/cli/flags.js';
import { type Input, readInput, readOptions, resolveInput } from '../../src/cli/input.js';
import { parseWords } from '../../src/cli/program.js';
import { parseKeyInput } from '../../src/domain/key-input.js';
import { keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import { memoryTree, type TreeContent } from '../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { NscError } from '../../src/errors.js';
import { Secret } from '../../src/lib/secret.js';
import { NOW as ISSUED, KEYS, type KeyName } from '../domain/trust/hierarchy.js';
import { Aliases } from './aliases.js';
import { splitWords } from './txtar.js';

/** A minute after the tokens of the hierarchy were issued. */
export const NOW = ISSUED + 60;

/** The world before a command runs. */
export interface Given {
  /** Operators of the store by directory; the first one is selected. */
  readonly operators?: readonly TreeContent[];
  /** Defaults: the first operator, its first account. */
  readonly selected?: { readonly operator?: string; readonly account?: string };
  /** Keys in the keystore. Default: all of the hierarchy but those that are nobody's, `ox` and `ax`. */
  readonly stored?: readonly KeyName[];
  /** Files of the keystore that hold another seed than their name says. */
  readonly swapped?: Readonly<Partial<Record<KeyName, KeyName>>>;
  /** Files on disk; key names in the content are replaced as in command lines. */
  readonly files?: Readonly<Record<string, string>>;
  readonly urls?: Readonly<Record<string, string>>;
  /** The server that takes what is posted; without it nobody listens. */
  readonly post?: Ports['remote']['post'];
  readonly nats?: Ports['nats'];
  readonly resolvers?: Ports['resolvers'];
  readonly httpServers?: Ports['httpServers'];
  /** Whether a task may only tell what it would do. */
  readonly dryRun?: boolean;
  /** The answer to every question of a task. */
  readonly agrees?: boolean;
  /** What is typed for every passphrase; without it nobody can be asked. */
  readonly passphrase?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Directories of the store that are no operators. */
  readonly occupied?: readonly string[];
  /** Accounts and users (`A/u`) that cannot be read. */
  readonly unreadable?: readonly string[];
}

const NOBODYS: readonly string[] = ['ox', 'ax'] satisfies KeyName[];

/** A store, a keystore, files and URLs in memory, and a clock that stands at {@link NOW}. */
export class FakeWorld {
  readonly aliases = new Aliases();
  /** What a task said: `say …`, `warn …`, `log …`, `progress …`, `asked …`. */
  readonly told: string[] = [];
  /** What a task committed. */
  readonly committed: Plan[] = [];
  readonly interruption = new AbortController();
  readonly workspace: Workspace;
  readonly ports: Ports;
  readonly #trees: ReadonlyMap<string, Tree>;
  readonly #given: Pick<Given, 'dryRun' | 'agrees' | 'passphrase'>;

  constructor({ operators = [], selected = {}, stored, swapped = {}, env = {}, occupied = [], ...given }: Given) {
    const names = stored ?? (Object.keys(KEYS) as KeyName[]).filter((name) => !NOBODYS.includes(name));
    const seeds = names.map((name) => ({ publicKey: KEYS[name].publicKey, seed: KEYS[swapped[name] ?? name].seed }));
    const trees = new Map(operators.map((content) => [content.operator.name, openTree({ ...content, seeds }, given)]));
    const [first] = trees.values();
    const keys = first ?? memoryTree({ operator: { name: '', token: '', claims: { nats: {} } }, seeds });
    this.#trees = trees;
    this.#given = given;
    this.ports = fakePorts(this.aliases, given, env);
    this.workspace = {
      configDir: '/config',
      storeRoot: '/stores',
      keystoreDir: '/keys',
      fromWorkingDirectory: false,
      selected: {
        operator: selected.operator ?? first?.operator.name ?? '',
        account: selected.account ?? first?.accountNames()[0] ?? '',
      },
      environment: [{ name: 'NKEYS_PATH', value: env.NKEYS_PATH }],
      operatorNames: () => [...trees.keys()].sort(),
      isOccupied: (operator) => trees.has(operator) || occupied.includes(operator),
      tree: (operator) => this.#tree(operator),
      findKeyPair: (publicKey) => keys.findKeyPair(publicKey),
      isSealed: () => false,
      storedKeys: () => keys.storedKeys(),
      operatorDir: (operator) => `/stores/${operator}`,
      credsPath: (operator, account, user) => `/keys/creds/${operator}/${account}/${user}.creds`,
      seedPath: (publicKey) => `/keys/keys/${publicKey}.nk`,
    };
  }

  #tree(operator: string): Tree {
    const tree = this.#trees.get(operator);
    if (tree) return tree;
    throw new NscError('operator-not-found', operator === '' ? 'there is no operator' : `no operator "${operator}"`);
  }

  /** Everything the command line tool does before a command decides: parse, read, resolve. */
  async prepare(
    command: Command,
    line: string,
  ): Promise<{ readonly context: PlanContext & TaskContext; readonly input: Input }> {
    const { aliases, ports, workspace } = this;
    const words = splitWords(line).map(aliases.expand);
    const parsed = parseWords('test', command.options, command.positional, words);
    const { privateKey }: Partial<GlobalInput> = readOptions(globalsBeside(command.options), parsed.global);
    const input = await resolveInput(command.options, readInput(command, parsed), ports);
    const signer = privateKey === undefined ? undefined : parseKeyInput(privateKey, (path) => ports.files.read(path));
    const tree = (): Tree => this.#tree(workspace.selected.operator);
    let made = 0;
    const context: PlanContext & TaskContext = {
      workspace,
      get tree() {
        return tree();
      },
      now: NOW,
      newKey: (role: Parameters<PlanContext['newKey']>[0]) => {
        made += 1;
        return aliases.learn(`new${made}`, keyPairFromRaw(role, new Uint8Array(32).fill(100 + made)));
      },
      ports,
      talk: this.#talk,
      dryRun: this.#given.dryRun ?? false,
      interrupted: this.interruption.signal,
      ...(signer && { signer }),
      refresh: () => context,
      commit: async (plan: (context: PlanContext) => Plan) => {
        this.committed.push(plan(context));
      },
    };
    return { context, input };
  }

  readonly #talk: Talk = {
    isLive: false,
    say: (text) => void this.told.push(`say ${text}`),
    tell: (text, data) => void this.told.push(`tell ${text} ${JSON.stringify(data)}`),
    note: (message) => void this.told.push(`note ${message}`),
    warn: async (message) => void this.told.push(`warn ${message}`),
    log: (line) => void this.told.push(`log ${line}`),
    progress: (line) => void this.told.push(`progress ${line ?? ''}`),
    agree: async (question) => {
      this.told.push(`asked ${question}`);
      if (this.#given.agrees === false) throw new NscError('cancelled', 'nothing was changed');
    },
    askPassphrase: async (message) => {
      this.told.push(`asked ${message}`);
      const { passphrase } = this.#given;
      return passphrase === undefined ? undefined : new Secret(passphrase);
    },
  };
}

/** What is no text is written as `hex:…`. */
const bytesOf = (content: string): Uint8Array =>
  content.startsWith('hex:') ? Buffer.from(content.slice(4), 'hex') : Buffer.from(content);

const unreachable = (): never => {
  throw new NscError('remote-failed', 'nobody listens');
};

const nothingSealed = { seeds: 0, creds: 0, passphrase: true, isWeak: false };

function fakePorts(
  aliases: Aliases,
  { files = {}, urls = {}, post, nats, resolvers, httpServers }: Given,
  env: Ports['env'],
): Ports {
  const read = (path: string): string | undefined => {
    const content = files[path];
    return content === undefined ? undefined : aliases.expand(content);
  };
  return {
    files: {
      read,
      readBytes: (path, maxBytes) => {
        const content = read(path);
        return content === undefined ? undefined : bytesOf(content).subarray(0, maxBytes + 1);
      },
      list: (directory, recursive) => {
        const inside = Object.keys(files).filter((path) => path.startsWith(`${directory}/`));
        if (inside.length === 0) throw new NscError('file-not-found', `there is no directory "${directory}"`);
        return inside.filter((path) => recursive || !path.slice(directory.length + 1).includes('/')).sort();
      },
      write: () => {
        throw new Error('nothing here writes');
      },
      exists: (path) => files[path] !== undefined,
    },
    oldKeystore: { migrate: async () => ({ moved: [], setAside: [] }) },
    newStores: {
      make: async () => {
        throw new Error('nothing here makes stores');
      },
    },
    keystoreSeal: {
      lock: async ({ recipients }) => ({ ...nothingSealed, recipients, isNew: true, leftAlone: [] }),
      unlock: async () => undefined,
      change: async ({ recipients }) => ({ ...nothingSealed, recipients }),
    },
    remote: {
      get: async (url) => {
        const content = urls[url];
        if (content === undefined) throw new NscError('remote-failed', `${url} is not there`);
        return aliases.expand(content);
      },
      post: async (url, body, options) => {
        if (post === undefined) throw new NscError('remote-failed', `${url} is not there`);
        return post(url, body, options);
      },
    },
    documents: {
      fetch: async (url, { refuse }) => {
        const content = urls[url];
        const why = refuse(new URL(url));
        if (why !== undefined) throw new NscError('bad-value', why);
        if (content === undefined) throw new NscError('remote-failed', `${url} is not there`);
        return { text: aliases.expand(content), type: 'application/json', age: 0 };
      },
    },
    nats: nats ?? { connect: async () => unreachable() },
    resolvers: resolvers ?? { open: async () => unreachable() },
    httpServers: httpServers ?? { listen: async () => unreachable() },
    program: '/program/bin/nsc.js',
    version: '0.1.0',
    env,
  };
}

/** Frozen, so that a plan that changes what it was given fails at once. */
function openTree(content: TreeContent, { unreadable = [] }: Given): Tree {
  const tree = memoryTree(freeze(content));
  if (unreadable.length === 0) return tree;
  const refuse = (kind: string, name: string, place: string): void => {
    if (unreadable.includes(place)) throw new NscError('bad-token', `${kind} "${name}" is broken`);
  };
  const spoilt: Partial<Tree> = {
    findAccount(name) {
      refuse('account', name, name);
      return tree.findAccount(name);
    },
    findUser(account, name) {
      refuse('user', name, `${account}/${name}`);
      return tree.findUser(account, name);
    },
  };
  return new Proxy(tree, {
    get(target, name) {
      const member: unknown = Reflect.get(name in spoilt ? spoilt : target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}
