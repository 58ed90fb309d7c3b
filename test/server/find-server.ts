import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian's package is unpacked when there is no nats-server on PATH: no service starts, nothing else changes. */
const UNPACKED = join(import.meta.dirname, '../../node_modules/.cache/nats-server');

/** Where nats-server is; undefined where it cannot be had. */
const natsServer: string | undefined = find() ?? (unpackPackage() ? find() : undefined);

/** True where the tests are to be skipped: not in CI, where they fail for want of a server. */
export const skipsServer = natsServer === undefined && process.env.CI !== 'true';

/** Whether the server is there, but too old for a test that says so in its name. */
export function isServerBefore(major: number, minor: number): boolean {
  if (natsServer === undefined) return false;
  const { stdout } = spawnSync(natsServer, ['--version'], { encoding: 'utf8' });
  const [, majorText, minorText] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(majorText) < major || (Number(majorText) === major && Number(minorText) < minor);
}

/** The path of the program; throws where it cannot be had. */
export function requireNatsServer(): string {
  if (natsServer !== undefined) return natsServer;
  throw new Error('there is no nats-server on PATH, and its package could not be had');
}

function find(): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', join(UNPACKED, 'usr/sbin')];
  return directories.map((directory) => join(directory, 'nats-server')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Test files run at the same time; the first one unpacks, the others wait for it. */
function unpackPackage(): boolean {
  if (process.getuid?.() !== 0) return false;
  mkdirSync(UNPACKED, { recursive: true });
  const script = `cd "$1" && flock . sh -c '
    [ -x usr/sbin/nats-server ] && exit
    apt-get download nats-server || { apt-get update && apt-get download nats-server; } || exit
    dpkg-deb -x nats-server_*.deb . && rm nats-server_*.deb'`;
  return spawnSync('sh', ['-c', script, 'sh', UNPACKED], { stdio: 'ignore', timeout: 300_000 }).status === 0;
}
