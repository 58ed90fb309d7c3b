import type { NatsMessage } from '../nats.js';

/** A message as JSON has it: the data as text where it is UTF-8, else in base64. */
export function messageData({ subject, reply, data }: NatsMessage): Readonly<Record<string, unknown>> {
  const text = findText(data);
  return {
    subject,
    ...(reply !== undefined && reply !== '' && { reply }),
    ...(text === undefined ? { dataBase64: Buffer.from(data).toString('base64') } : { data: text }),
  };
}

function findText(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
}
