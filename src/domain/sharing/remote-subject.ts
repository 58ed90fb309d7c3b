import type { Import } from '../claims/types.js';

/** The subject in the exporting account. It is in the deprecated `to` of a service that has one (jwt-nkeys.md I18). */
export function remoteSubject({ type, subject = '', to, local_subject: local }: Import): string {
  return type === 'service' && to && !local ? to : subject;
}
