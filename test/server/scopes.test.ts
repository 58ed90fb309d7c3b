import { jwtAuthenticator } from '@nats-io/transport-node';
import { describe, expect, it, vi } from 'vitest';
import {
  type AccountBody,
  decodeKind,
  expandTemplate,
  findScope,
  parseDecorated,
  type UserScope,
} from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const VIOLATION = 'Authorization Violation';

/** A store with account A, whose user "any" may do everything, and a server that is told of every change. */
class Shop {
  private constructor(
    readonly hierarchy: Hierarchy,
    readonly server: NatsServer,
  ) {}

  static async open(): Promise<Shop> {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user any');
    return new Shop(hierarchy, await NatsServer.start(await hierarchy.config()));
  }

  /** Runs commands and tells the server. */
  async nsc(...lines: readonly (string | readonly string[])[]): Promise<void> {
    for (const line of lines) await this.hierarchy.nsc(line);
    await this.server.reload(await this.hierarchy.config());
  }

  /** A new role, and a user "bob" who has it. */
  async addBob(options: readonly string[], ...userOptions: readonly string[]): Promise<void> {
    await this.hierarchy.addRole('A', 'role', ...options);
    await this.nsc(['add', 'user', 'bob', '--role', 'role', ...userOptions]);
  }

  async connect(user: string): Promise<Client> {
    return Client.connect(this.server, await this.hierarchy.creds(user));
  }

  async refusal(user: string): Promise<string> {
    return refusalOf(this.server, await this.hierarchy.creds(user));
  }

  /** What our program says a server makes of the template for a user. */
  async expand(user: string) {
    const { token } = parseDecorated(await this.hierarchy.creds(user));
    const { claims } = decodeKind(token, 'user');
    const account = this.hierarchy.claims('A');
    return expandTemplate(findScope(account, claims.iss ?? '')?.template ?? {}, claims, account);
  }

  /** Changes the scopes of A without asking our program, which would refuse what servers are to refuse. */
  async changeScopes(change: (scope: UserScope) => UserScope): Promise<void> {
    const before = this.hierarchy.claims('A');
    const signing_keys: AccountBody['signing_keys'] = (before.nats.signing_keys ?? []).map((key) =>
      typeof key === 'string' ? key : change(key),
    );
    const claims = { ...before, nats: { ...before.nats, signing_keys } };
    this.hierarchy.writeAccount('A', claims, this.hierarchy.pair(before.iss ?? ''));
    await this.server.reload(await this.hierarchy.config());
  }
}

describe.skipIf(skipsServer)('a user of a role', () => {
  it('may publish and subscribe what the template says, and nothing else', async () => {
    const shop = await Shop.open();
    await shop.addBob([
      ...['--allow-pub', 'out.>', '--deny-pub', 'out.secret'],
      ...['--allow-sub', 'in.>,jobs.* workers', '--deny-sub', 'in.secret'],
    ]);
    const [bob, any] = [await shop.connect('bob'), await shop.connect('any')];
    expect(await any.delivers('out.x', bob)).toBe(true);
    expect(await bob.delivers('in.x', any)).toBe(true);
    for (const subject of ['out.secret', 'in.x']) expect(await any.delivers(subject, bob)).toBe(false);
    for (const subject of ['in.secret', 'out.x']) expect(await bob.delivers(subject, any)).toBe(false);
    bob.connection.subscribe('jobs.a', { queue: 'workers' });
    bob.connection.subscribe('jobs.b', { queue: 'others' });
    await bob.settle();
    expect(bob.violations).toEqual([
      'publish out.secret',
      'publish in.x',
      'subscription in.secret',
      'subscription out.x',
      'subscription jobs.b',
    ]);
  });

  it('may reply, and publish nothing else, when the template allows responses', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--allow-sub', 'jobs.>', '--allow-pub-response']);
    const [bob, any] = [await shop.connect('bob'), await shop.connect('any')];
    bob.serve('jobs.>', (message) => void message.respond('done'));
    await bob.connection.flush();
    expect(await any.ask('jobs.one')).toBe('done');
    expect(await any.delivers('orders', bob)).toBe(false);
  });

  it('has the limits of the template', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--subs', '1', '--payload', '10']);
    const bob = await shop.connect('bob');
    expect(bob.connection.info).toMatchObject({ max_payload: 10 });
    bob.connection.subscribe('a');
    bob.connection.subscribe('b');
    await bob.settle();
    await vi.waitFor(() => expect(bob.errors[0]).toMatch(/maximum subscriptions exceeded/i));
  });

  it('has a limit of 0 where the template says 0 (E-15)', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--subs', '0', '--payload', '0']);
    const bob = await shop.connect('bob');
    bob.connection.subscribe('a');
    await bob.settle();
    await vi.waitFor(() => expect(bob.errors[0]).toMatch(/maximum subscriptions exceeded/i));
    const loud = await shop.connect('bob');
    Object.assign(loud.connection.info ?? {}, { max_payload: 1000 });
    loud.connection.publish('x', 'y');
    expect(await loud.closing()).toMatch(/maximum payload/i);
  });

  it('comes from the networks and at the times of the template', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--source-network', '127.0.0.0/8']);
    await shop.connect('bob');
    await shop.nsc('edit signing-key role --source-network 10.0.0.0/8 --rm-source-network 127.0.0.0/8');
    expect(await shop.refusal('bob')).toBe(VIOLATION);

    const later = new Date().getUTCHours() < 12 ? '20:00:00-21:00:00' : '02:00:00-03:00:00';
    await shop.nsc(`edit signing-key role --rm-source-network 10.0.0.0/8 --locale UTC --time ${later}`);
    expect(await shop.refusal('bob')).toBe(VIOLATION);
    await shop.nsc(`edit signing-key role --rm-time ${later.slice(0, 8)}`);
    await shop.connect('bob');
  });

  it('uses the connections of the template, from server 2.10.19 on', async () => {
    const shop = await Shop.open();
    const [major = 0, minor = 0, patch = 0] = ((await shop.connect('any')).connection.info?.version ?? '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
    await shop.addBob(['--conn-type', 'websocket']);
    const looks = major > 2 || minor > 10 || (minor === 10 && patch >= 19);
    if (looks) expect(await shop.refusal('bob')).toBe(VIOLATION);
    else await shop.connect('bob');
    await shop.nsc('edit signing-key role --conn-type standard');
    await shop.connect('bob');
  });

  it('needs no key where the template gives bearer tokens', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--bearer']);
    const { token } = parseDecorated(await shop.hierarchy.creds('bob'));
    await Client.connect(shop.server, jwtAuthenticator(token));
    await shop.nsc('edit signing-key role --bearer=false');
    expect(await refusalOf(shop.server, jwtAuthenticator(token))).toBe(VIOLATION);
  });

  it('may do something else once the template changes, with the creds it has', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--allow-pub', 'old']);
    const creds = await shop.hierarchy.creds('bob');
    await shop.nsc('edit signing-key role --allow-pub new --rm old');
    const [bob, any] = [await Client.connect(shop.server, creds), await shop.connect('any')];
    expect(await any.delivers('new', bob)).toBe(true);
    expect(await any.delivers('old', bob)).toBe(false);
    expect(await shop.hierarchy.creds('bob')).toBe(creds);
  });

  it('may be one who had permissions of its own before', async () => {
    const shop = await Shop.open();
    await shop.hierarchy.nsc('add user bob --allow-pub old');
    await shop.hierarchy.addRole('A', 'role', '--allow-pub', 'new');
    await shop.nsc('edit user bob --role role');
    const [bob, any] = [await shop.connect('bob'), await shop.connect('any')];
    expect(await any.delivers('new', bob)).toBe(true);
    expect(await any.delivers('old', bob)).toBe(false);
  });

  it('can do next to nothing once its key has no scope any more, as validate says', async () => {
    const shop = await Shop.open();
    const key = await shop.hierarchy.addRole('A', 'role');
    await shop.nsc('add user bob --role role', ['edit', 'account', 'A', '--sk', key]);
    expect(await shop.hierarchy.nsc('validate')).toMatch(/no-limits +user "bob": .* may not subscribe nor send a byte/);
    const bob = await shop.connect('bob');
    bob.connection.subscribe('a');
    await bob.settle();
    await vi.waitFor(() => expect(bob.errors[0]).toMatch(/maximum subscriptions exceeded/i));
    expect(bob.connection.info).toMatchObject({ max_payload: 0 });
  });
});

describe.skipIf(skipsServer)('functions in a template', () => {
  it('are filled in for each user as our program says', async () => {
    const shop = await Shop.open();
    const subjects = [
      'name.{{name()}}.>',
      'subject.{{subject()}}',
      'account.{{account-name()}}.{{Account-Subject()}}',
      'tag.{{tag(team)}}',
      'account-tag.{{account-tag(TIER)}}.x',
      'missing.{{tag(none)}}',
      'plain',
      'queue q',
    ];
    await shop.hierarchy.nsc('edit account A --tag tier:gold,tier:old');
    await shop.hierarchy.addRole('A', 'role', '--allow-pub', subjects.slice(0, -1).join(','));
    await shop.changeScopes((scope) => ({ ...scope, template: { ...scope.template, sub: { allow: subjects } } }));
    await shop.nsc(
      'add user bob --role role --tag team:red,team:blue,other:x',
      'add user alice --role role --tag team:green',
    );
    const any = await shop.connect('any');
    const probes = new Set<string>();
    const allowed = new Map<string, readonly string[]>();
    for (const user of ['bob', 'alice']) {
      const expansion = await shop.expand(user);
      const { pub = {}, sub = {} } = 'limits' in expansion ? expansion.limits : {};
      expect(sub.allow?.toSorted()).toEqual(pub.allow?.toSorted());
      expect(pub.allow).toHaveLength(user === 'bob' ? 8 : 7);
      allowed.set(user, pub.allow ?? []);
      for (const subject of pub.allow ?? []) probes.add(subject.replace('>', 'x'));
    }
    for (const [user, subjectsOfUser] of allowed) {
      const client = await shop.connect(user);
      for (const probe of [...probes, 'missing.x', 'missing', 'queue']) {
        const may = subjectsOfUser.some((subject) => subject.replace('>', 'x') === probe);
        expect([user, probe, await any.delivers(probe, client)]).toEqual([user, probe, may]);
        expect([user, probe, await client.delivers(probe, any)]).toEqual([user, probe, may]);
      }
      client.connection.subscribe('queue', { queue: 'q' });
      await client.settle();
      expect(client.violations).toContain('subscription queue');
    }
  });

  it('that all come to nothing allow nothing', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--allow-pub', '{{tag(none)}}.>']);
    expect(await shop.expand('bob')).toMatchObject({ limits: { pub: { deny: ['>'] } } });
    const [bob, any] = [await shop.connect('bob'), await shop.connect('any')];
    expect(await any.delivers('x', bob)).toBe(false);
    expect(await bob.delivers('x', any)).toBe(true);
  });

  it('that ask for a tag in what is denied shut out who lacks it, as the warning says', async () => {
    const shop = await Shop.open();
    await shop.addBob([]);
    await shop.nsc('add user alice --role role --tag team:red');
    const edited = await shop.hierarchy.session.run(['edit', 'signing-key', 'role', '--deny-pub', 'x.{{tag(team)}}']);
    expect(edited.stderr).toMatch(/user "bob" of account "A" will no longer be accepted: .* there is no tag "team:…"/);
    expect(edited.stderr).not.toMatch(/alice/);
    await shop.server.reload(await shop.hierarchy.config());
    expect(await shop.refusal('bob')).toBe(VIOLATION);
    const [alice, any] = [await shop.connect('alice'), await shop.connect('any')];
    expect(await any.delivers('x.red', alice)).toBe(false);
    expect(await any.delivers('x.blue', alice)).toBe(true);
    await shop.nsc('edit user bob --tag team:blue');
    await shop.connect('bob');
  });

  it('that no server knows shut out all users of the role', async () => {
    const shop = await Shop.open();
    await shop.addBob([]);
    await shop.changeScopes((scope) => ({ ...scope, template: { pub: { deny: ['{{nick()}}'] } } }));
    expect(await shop.expand('bob')).toHaveProperty('refused');
    expect(await shop.refusal('bob')).toBe(VIOLATION);
  });

  it('mean nothing in the permissions of a plain user', async () => {
    const shop = await Shop.open();
    await shop.nsc(['add', 'user', 'bob', '--allow-pub', 'x.{{name()}}']);
    const [bob, any] = [await shop.connect('bob'), await shop.connect('any')];
    expect(await any.delivers('x.bob', bob)).toBe(false);
    expect(await any.delivers('x.{{name()}}', bob)).toBe(true);
  });

  it('take a name as it is, so that a wildcard reaches others (S-54)', async () => {
    const shop = await Shop.open();
    await shop.addBob(['--allow-sub', 'home.{{name()}}']);
    const added = await shop.hierarchy.session.run(['add', 'user', '>', '--role', 'role']);
    expect(added.stderr).toMatch(/\{\{name\(\)\}\} is ">", which stands for other tokens, too/);
    const [nosy, any] = [await shop.connect('>'), await shop.connect('any')];
    expect(await nosy.delivers('home.bob', any)).toBe(true);
  });
});
