/** What `serve` needs of an HTTP server. `remote/http-server` implements it on `node:http`. */
export interface HttpServers {
  /**
   * Listens until the signal aborts, then lets requests that are under way end, for at most `graceMs`.
   *
   * @throws NscError `remote-failed` when it cannot listen there
   */
  listen(options: ListenOptions, answer: (request: HttpRequest) => Promise<HttpResponse>): Promise<Listening>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Most bytes of a request's body; larger ones are answered with 413. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
  readonly graceMs: number;
  /** Told once for every request, after it was answered. */
  onAnswered(access: Access): void;
}

export interface Listening {
  /** `http://127.0.0.1:9090` */
  readonly url: string;
  /** Fulfilled when nobody is served any more. */
  readonly ended: Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  /** Decoded once; begins with `/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out of the answer to HEAD, and of 304. Pieces are sent as fast as they are taken. */
  readonly body?: string | AsyncIterable<string>;
  /** Why it is refused, for the log and nobody else. */
  readonly reason?: string;
}

/** One line of the access log. */
export interface Access {
  /** ISO 8601. */
  readonly time: string;
  readonly remote: string;
  readonly method: string;
  /** As it came, without query. */
  readonly path: string;
  readonly status: number;
  /** Of the body, as far as it was sent. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** Why it was refused, or broke off. */
  readonly reason?: string;
}
