/** Most bytes of a message, headers included. */
export const MOST_MESSAGE_BYTES = 16 * 1_048_576;
/** Most bytes of the line in which a server tells about itself. */
export const MOST_INFO_BYTES = 1_048_576;
/** Most bytes of any other line: subjects can be long. */
const MOST_LINE_BYTES = 16_384;

const LF = 10;
const CR = 13;

/** What a server tells about itself, as far as it is used. */
export interface InfoLine {
  readonly version: string;
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
}

/** A server broke the protocol, or a bound of ours. */
export class ProtocolBreach extends Error {}

/**
 * Watches the bytes from a server go by, before they reach the parser of nats-core, which buffers whatever size a server
 * announces and never gets over an unknown word. It keeps no more than one line that has not ended yet, which passes when
 * it has. What passes is stricter than what that parser takes, so both agree where a message ends.
 */
export class FrameWatch {
  readonly #onInfo: (info: InfoLine) => void;
  readonly #onError: (text: string) => void;
  /** The beginning of a line whose end has not come. */
  #line: Buffer[] = [];
  #lineBytes = 0;
  /** Bytes of a message that are still to come, with the CR LF after it. */
  #payloadLeft = 0;
  /** Lines that have passed. */
  frames = 0;

  /**
   * @param on.info told of every INFO, before anything behind it is looked at
   * @param on.error told of every -ERR, in the words of the server
   */
  constructor(on: { info(info: InfoLine): void; error(text: string): void }) {
    this.#onInfo = on.info;
    this.#onError = on.error;
  }

  /** Whether nothing has begun that has not ended. */
  get isAtRest(): boolean {
    return this.#lineBytes === 0 && this.#payloadLeft === 0;
  }

  /**
   * @returns the bytes that may pass: up to here, without a line that has not ended
   * @throws ProtocolBreach, after which the connection has to end
   */
  watch(chunk: Buffer): Buffer[] {
    const held = this.#lineBytes > 0 ? this.#line : [];
    let end = chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const from = at;
      at = this.#payloadLeft > 0 ? this.#skipPayload(chunk, from) : this.#readLine(chunk, from);
      if (this.#lineBytes > 0) end = from;
    }
    return end === 0 ? [] : [...held, chunk.subarray(0, end)];
  }

  #skipPayload(chunk: Buffer, from: number): number {
    const payload = Math.min(Math.max(this.#payloadLeft - 2, 0), chunk.length - from);
    this.#payloadLeft -= payload;
    let at = from + payload;
    while (this.#payloadLeft > 0 && at < chunk.length) {
      if (chunk[at] !== (this.#payloadLeft === 2 ? CR : LF)) throw new ProtocolBreach('a message without an end');
      this.#payloadLeft -= 1;
      at += 1;
    }
    return at;
  }

  #readLine(chunk: Buffer, from: number): number {
    const found = chunk.indexOf(LF, from);
    const end = found < 0 ? chunk.length : found + 1;
    this.#lineBytes += end - from;
    const isInfo = (this.#line[0]?.[0] ?? chunk[from]) === 0x49;
    if (this.#lineBytes > (isInfo ? MOST_INFO_BYTES : MOST_LINE_BYTES)) {
      throw new ProtocolBreach(`a line of more than ${isInfo ? MOST_INFO_BYTES : MOST_LINE_BYTES} bytes`);
    }
    if (found < 0) {
      this.#line.push(Buffer.from(chunk.subarray(from)));
      return end;
    }
    const last = chunk.subarray(from, end);
    const line = this.#line.length === 0 ? last : Buffer.concat([...this.#line, last]);
    this.#line = [];
    this.#lineBytes = 0;
    this.frames += 1;
    this.#take(line);
    return end;
  }

  #take(bytes: Buffer): void {
    const line = bytes.toString('latin1');
    const size = sizeOf(line);
    if (size !== undefined) {
      if (size > MOST_MESSAGE_BYTES)
        throw new ProtocolBreach(`a message of ${size} bytes; ${MOST_MESSAGE_BYTES} are taken`);
      this.#payloadLeft = size + 2;
    } else if (line.startsWith('INFO {') && line.endsWith('\r\n')) {
      this.#onInfo(parseInfo(bytes.toString('utf8').slice(5)));
    } else if (line.startsWith('-ERR ') && line.endsWith('\r\n')) {
      this.#onError(
        bytes
          .toString('utf8')
          .slice(5)
          .trim()
          .replace(/^'(.*)'$/s, '$1'),
      );
    } else if (line !== 'PING\r\n' && line !== 'PONG\r\n' && line !== '+OK\r\n') {
      throw new ProtocolBreach('something that is not the NATS protocol');
    }
  }
}

/** Some servers leave two blanks where there is no reply subject. */
const MESSAGE = /^MSG +[^ \t\r\n]+ +\d{1,15}(?: +[^ \t\r\n]+)?() +(\d{1,15})\r\n$/;
const MESSAGE_WITH_HEADERS = /^HMSG +[^ \t\r\n]+ +\d{1,15}(?: +[^ \t\r\n]+)? +(\d{1,15}) +(\d{1,15})\r\n$/;

/** How many bytes follow a line that announces a message; undefined for other lines. */
function sizeOf(line: string): number | undefined {
  if (!line.startsWith('MSG ') && !line.startsWith('HMSG ')) return undefined;
  const [, headers = '0', size] = (line.startsWith('M') ? MESSAGE : MESSAGE_WITH_HEADERS).exec(line) ?? [];
  if (size !== undefined && Number(headers) <= Number(size)) return Number(size);
  throw new ProtocolBreach('a message without a right size');
}

function parseInfo(text: string): InfoLine {
  let info: Partial<Record<string, unknown>>;
  try {
    info = JSON.parse(text);
  } catch {
    throw new ProtocolBreach('an INFO that is not JSON');
  }
  // nats-core throws on a version that is none, signs the nonce, and compares sizes with max_payload
  const { version, nonce = '', max_payload: most, tls_required: needs = false, tls_available: offers = false } = info;
  const isWhole =
    typeof version === 'string' &&
    /^\d+\.\d+\.\d+/.test(version) &&
    typeof nonce === 'string' &&
    Number.isSafeInteger(most) &&
    Number(most) >= 0 &&
    typeof needs === 'boolean' &&
    typeof offers === 'boolean';
  if (!isWhole) throw new ProtocolBreach('an INFO without a version or sizes');
  return { version, tls_required: needs, tls_available: offers };
}
