import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playScript } from '../support/script.js';
import type { Session } from '../support/session.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { clock } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const VIOLATION = 'Authorization Violation';
const script = readFileSync(join(import.meta.dirname, '../scripts/signing-keys.txtar'), 'utf8');

const configOf = ({ cwd }: Session): string => readFileSync(join(cwd, 'server.conf'), 'utf8');
const credsOf = ({ home }: Session, user: string): string =>
  readFileSync(join(home, '.local/share/nats/nsc/keys/creds/Acme/Orders', `${user}.creds`), 'utf8');

describe.skipIf(skipsServer)('the guide to signing keys', () => {
  it('is right about a server, section by section', async () => {
    let server: NatsServer;
    let alice: Client;
    let leaked: string;
    const sections: Readonly<Record<string, (session: Session) => Promise<void>>> = {
      'Sign users with it': async (session) => {
        server = await NatsServer.start(configOf(session));
        leaked = credsOf(session, 'alice');
        alice = await Client.connect(server, leaked);
        await Client.connect(server, credsOf(session, 'bob'));
      },
      "Lose the account's key": async (session) => {
        await server.reload(configOf(session));
        await alice.closing();
        expect(await refusalOf(server, leaked)).toBe(VIOLATION);
        await Client.connect(server, credsOf(session, 'bob'));
      },
      'Sign its users again': async (session) => {
        await Client.connect(server, credsOf(session, 'alice'));
        expect(await refusalOf(server, leaked)).toBe(VIOLATION);
      },
      "Lose the operator's key": async (session) => {
        await server.restart(configOf(session));
        for (const user of ['alice', 'bob']) expect(await refusalOf(server, credsOf(session, user))).toBe(VIOLATION);
      },
      'Sign its accounts again': async (session) => {
        await server.reload(configOf(session));
        for (const user of ['alice', 'bob']) await Client.connect(server, credsOf(session, user));
      },
      'Make it the rule': async (session) => {
        await server.restart(configOf(session));
        for (const user of ['alice', 'bob']) await Client.connect(server, credsOf(session, user));
      },
    };
    const played: string[] = [];
    await playScript(script, {
      now: clock(),
      onSection: async (title, session) => {
        played.push(title);
        await sections[title]?.(session);
      },
    });
    expect(played).toEqual(expect.arrayContaining(Object.keys(sections)));
  });
});
