import type { KeyPair } from '../../domain/nkey/key-pair.js';

/** What makes a key that was stored part of something. */
export function nextSteps({ role, publicKey }: KeyPair): string[] {
  switch (role) {
    case 'operator':
      return [
        `nothing trusts it yet: nsc edit operator --sk ${publicKey}, or nsc rotate start --operator --sk ${publicKey}`,
      ];
    case 'account':
      return [
        `nothing trusts it yet: nsc edit account ACCOUNT --sk ${publicKey}, or nsc rotate start --account ACCOUNT --sk ${publicKey}`,
      ];
    case 'user':
      return [`nobody has it yet: nsc add user USER --public-key ${publicKey}`];
    default:
      return [];
  }
}
