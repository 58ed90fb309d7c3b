import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/** Where something listens. */
export interface Address {
  /** A name or an IP address, one of version 6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const WITH_HOST = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/@'"\\]+)):(-1|\d{1,5})$/;

/**
 * `HOST:PORT`, with an IP address of version 6 in brackets. Nobody listens everywhere by leaving something out.
 *
 * @param anyPort what stands for any port that is free: 0, or -1 as nats-server has it
 * @throws NscError `bad-value`
 */
export function readAddress(given: string, anyPort: 0 | -1 = 0): Address {
  const [, address, name, digits = ''] = WITH_HOST.exec(given) ?? [];
  const host = address ?? name;
  const port = Number(digits);
  if (host !== undefined && (port === anyPort || (port > 0 && port <= 65_535))) return { host, port };
  throw new NscError('bad-value', `${quote(given)} is not HOST:PORT`, {
    hint: `for example 127.0.0.1:9090; 0.0.0.0 stands for every address of this machine, port ${anyPort} for any that is free`,
  });
}

/** As it is written, with brackets where they are needed. */
export const formatAddress = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Whether only this machine can reach it. */
export const isLoopback = ({ host }: Address): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
