/** Flags of nsc that we do not have, and why. */
export const MISSING: Readonly<Record<string, string>> = {
  'generate config --dir': 'hidden; what it writes is refused by nats-server (S-27)',
  'generate config --nkey': 'hidden; drops permissions and writes users in random order (S-27)',
};
