import type { KeyPair } from '../../domain/nkey/key-pair.js';

/** What makes a key that was stored part of something. */
export function nextSteps({ role, publicKey }: KeyPair): string[] {
  switch (role) {
    case 'operator':
      return [
        `to have it trusted: nsc edit operator --sk ${publicKey}, or nsc rotate start --operator --sk ${publicKey}`,
      ];
    case 'account':
      return [
        `to have it trusted: nsc edit account ACCOUNT --sk ${publicKey}, or nsc rotate start --account ACCOUNT --sk ${publicKey}`,
      ];
    case 'user':
      return [`to make a user of it: nsc add user USER --public-key ${publicKey}`];
    default:
      return [];
  }
}
