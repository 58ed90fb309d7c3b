/**
 * ASN.1 in its distinguished encoding (X.690), as far as key files need it: definite lengths in their shortest form and
 * tags of one octet. Whatever is encoded otherwise is malformed, and counts as nothing rather than as something similar.
 */

/** Tags that key files are made of. */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** A tag and what it stands before. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** How many bytes the element that begins here should have, itself included; undefined when none begins here. */
export function derLength(bytes: Uint8Array): number | undefined {
  return readHead(bytes, 0)?.end;
}

/** The element that the bytes are, from the first to the last one; undefined for anything else. */
export function readDer(bytes: Uint8Array): DerElement | undefined {
  const [first, ...others] = readDerList(bytes) ?? [];
  return others.length === 0 ? first : undefined;
}

/** The elements that the bytes are, one after another; undefined when something is malformed, cut off or left over. */
export function readDerList(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    if (!head || head.end > bytes.length) return undefined;
    elements.push({ tag: bytes[at] ?? 0, content: bytes.subarray(head.start, head.end) });
    at = head.end;
  }
  return elements;
}

/** An element with what it holds. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(content.length)), content]);
}

/** A whole number from 0 to 2^31 − 1. */
export function writeDerInteger(value: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; octets.length === 0 || rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  if ((octets[0] ?? 0) > 0x7f) octets.unshift(0);
  return writeDer(TAG.integer, Uint8Array.from(octets));
}

/** The number an INTEGER holds; undefined when it is negative, not in its shortest form, or above 2^31 − 1. */
export function readDerInteger({ tag, content }: DerElement): number | undefined {
  const [first = 0, second = 0] = content;
  if (tag !== TAG.integer || content.length === 0 || content.length > 4 || first > 0x7f) return undefined;
  if (content.length > 1 && first === 0 && second < 0x80) return undefined;
  return content.reduce((value, octet) => value * 256 + octet, 0);
}

/** An object identifier, written with dots. */
export function writeDerOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return writeDer(TAG.oid, Uint8Array.from([first * 40 + second, ...others].flatMap(base128)));
}

/** The object identifier an element holds, written with dots; undefined when it holds none. */
export function readDerOid(element: DerElement | undefined): string | undefined {
  if (element?.tag !== TAG.oid || element.content.length === 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of element.content) {
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) return undefined;
    if (octet > 0x7f) continue;
    arcs.push(arc);
    arc = 0;
  }
  if ((element.content.at(-1) ?? 0) > 0x7f) return undefined;
  const [joined = 0, ...others] = arcs;
  const first = Math.min(Math.floor(joined / 40), 2);
  return [first, joined - first * 40, ...others].join('.');
}

/** Where the content of an element begins and where it should end. */
function readHead(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  const start = at + 2 + count;
  if (count === 0 || count > 4 || start > bytes.length) return undefined;
  const octets = bytes.subarray(at + 2, start);
  const length = octets.reduce((value, octet) => value * 256 + octet, 0);
  if (length < 0x80 || octets[0] === 0) return undefined;
  return { start, end: start + length };
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift((rest % 128) | 0x80);
  return octets;
}
