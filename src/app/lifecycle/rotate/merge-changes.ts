import type { Change } from '../../../domain/change.js';

/** Changes without those that later ones replace: of what is put several times, the last counts. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  changes.forEach((change, at) => {
    const place = placeOf(change) ?? String(at);
    last.delete(place);
    last.set(place, change);
  });
  return [...last.values()];
}

/** Undefined for changes that are not told apart by what they put. */
function placeOf(change: Change): string | undefined {
  switch (change.type) {
    case 'put-operator':
    case 'put-keyring':
      return change.type;
    case 'put-account':
      return JSON.stringify([change.type, change.name]);
    case 'put-user':
      return JSON.stringify([change.type, change.account, change.name]);
    case 'put-creds':
      return JSON.stringify([change.type, change.account, change.user]);
    case 'put-seed':
      return JSON.stringify([change.type, change.publicKey]);
    default:
      return undefined;
  }
}
