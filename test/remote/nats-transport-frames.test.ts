import { type MsgArg, Parser, type ParserEvent } from '@nats-io/transport-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameWatch, ProtocolBreach } from '../../src/remote/nats-transport-frames.js';

/** What a protocol is made of, and what nearly is. */
const WORDS = [
  'INFO {"version":"2.10.0","max_payload":1}\r\n',
  'INFO  {"version":"2.10.0","max_payload":1,"nonce":"ü"} \r\n',
  'INFO {"version":"x","max_payload":1}\r\n',
  "-ERR 'no'\r\n",
  '-ERR \r\n',
  '-ERR\r\n',
  '+OK\r\n',
  'PING\r\n',
  'PONG\r\n',
  'ping\r\n',
  'MSG a 1 2\r\nxy\r\n',
  'MSG a 1  2\r\nxy\r\n',
  'MSG a 1 r 0\r\n\r\n',
  'MSG à 1 r 6\r\nPING\r\n\r\n',
  'MSG a 1 r r 2\r\nxy\r\n',
  'MSG a\t1 2\r\nxy\r\n',
  'MSG a 1 2\nxy\n',
  'HMSG a 1 12 14\r\nNATS/1.0\r\n\r\nxy\r\n',
  'HMSG a 1 r 12 12\r\nNATS/1.0\r\n\r\n\r\n',
  'HMSG a 1 3 2\r\nxy\r\n',
  'MSG ',
  '\r\n',
  '\n',
  '\r',
  ' ',
  '1',
];

const bytes = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => Buffer.from(words.join('')));
const cuts = fc.array(fc.nat(400), { maxLength: 6 });

/** A text in pieces that end where a test says. */
function cut(whole: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.map((end) => Math.min(end, whole.length)), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
}

/** What is heard of pieces, what of them passes, and whether the protocol was broken. */
function watch(pieces: readonly Buffer[]): { heard: string[]; passed: Buffer[]; isBroken: boolean } {
  const heard: string[] = [];
  const passed: Buffer[] = [];
  const frames = new FrameWatch({
    info: (info) => heard.push(JSON.stringify(info)),
    error: (text) => heard.push(text),
  });
  try {
    for (const piece of pieces) passed.push(...frames.watch(Buffer.from(piece)));
  } catch (error) {
    if (!(error instanceof ProtocolBreach)) throw error;
    return { heard, passed, isBroken: true };
  }
  return { heard, passed, isBroken: false };
}

describe('the watch over frames', () => {
  it('hears the same wherever the bytes are cut', () => {
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const [once, often] = [watch([whole]), watch(cut(whole, at))];
        expect({ ...often, passed: '' }).toEqual({ ...once, passed: '' });
        if (!once.isBroken) expect(Buffer.concat(often.passed)).toEqual(Buffer.concat(once.passed));
      }),
      { numRuns: 2000 },
    );
  });

  it('lets nothing pass that the parser behind it would stumble over, or would end elsewhere', () => {
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const { passed } = watch(cut(whole, at));
        const events: ParserEvent[] = [];
        const parser = new Parser({ push: (event: ParserEvent) => void events.push(event) });
        for (const piece of passed) parser.parse(piece);
        expect(rebuilt(events)).toBe(bare(Buffer.concat(passed)));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no line that has no end', () => {
    const line = Buffer.alloc(16_000, 'a');
    expect(watch([line, line]).isBroken).toBe(true);
    expect(watch([Buffer.from('INFO {'), ...Array.from({ length: 60 }, () => line)]).isBroken).toBe(false);
    expect(watch([Buffer.from('INFO {'), ...Array.from({ length: 66 }, () => line)]).isBroken).toBe(true);
  });
});

/** The payloads of messages, in the order of the parser. */
const rebuilt = (events: readonly ParserEvent[]): string =>
  events
    .map(({ kind, data, msg }: ParserEvent & { data?: Uint8Array; msg?: MsgArg }) =>
      kind === 2 ? `${msg?.size}:${Buffer.from(data ?? []).toString('latin1')}` : '.',
    )
    .join('|');

/** The same, read from the bytes by the sizes alone; a message that is not all there is not counted. */
function bare(whole: Buffer): string {
  const read: string[] = [];
  for (let rest = whole.toString('latin1'); rest !== ''; ) {
    const end = rest.indexOf('\r\n') + 2;
    const size = /^H?MSG .* (\d+)\r\n$/s.exec(rest.slice(0, end))?.[1];
    const next = size === undefined ? end : end + Number(size) + 1; // its parser is content with the CR
    if (rest.length < next) break;
    read.push(size === undefined ? '.' : `${size}:${rest.slice(end, next - 1)}`);
    rest = rest.slice(size === undefined ? next : next + 1);
  }
  return read.join('|');
}
