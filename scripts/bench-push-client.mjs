// What a push is measured against: the NATS client alone. It reads the account files and sends the same requests, as many
// at once, and prints how many seconds those took. node bench-push-client.mjs URL CREDS-FILE ACCOUNTS-DIRECTORY
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, credsAuthenticator } from '@nats-io/transport-node';

/** Requests under way at once, as in nsc. */
const WINDOW = 64;

const [url, credsFile, directory] = process.argv.slice(2);
const client = await connect({ servers: url, authenticator: credsAuthenticator(readFileSync(credsFile)) });
const accounts = readdirSync(directory).map((name) => {
  const token = readFileSync(join(directory, name, `${name}.jwt`), 'utf8');
  return { key: JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub, token };
});

const start = process.hrtime.bigint();
const left = accounts.values();
const send = async () => {
  for (const { key, token } of left) {
    const answer = await client.request(`$SYS.REQ.ACCOUNT.${key}.CLAIMS.UPDATE`, token, { timeout: 30_000 });
    if (answer.json().data?.code !== 200) throw new Error(answer.string());
  }
};
await Promise.all(Array.from({ length: WINDOW }, send));
console.log(Number(process.hrtime.bigint() - start) / 1e9);
await client.close();
