/** Documents of the web, for those who mind where one comes from and how old it is. `remote/documents` implements it. */
export interface Documents {
  /**
   * GET of a document: bounded in size and time, verified TLS. A few redirects are followed, never from https to http.
   *
   * @throws NscError `remote-failed`, `bad-value` for what is no http or https URL, and what `mayAsk` throws for the URL
   */
  fetch(url: string, rules: FetchRules): Promise<FetchedDocument>;
}

export interface FetchRules {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** The oldest copy that caches on the way may answer with, in seconds. */
  readonly maxAge: number;
  /** What is wanted, as `Accept` has it. */
  readonly accept: string;
  /** Why a URL must not be asked; undefined when it may. Looked at for the first one and after each redirect. */
  refuse(url: URL): string | undefined;
}

export interface FetchedDocument {
  readonly text: string;
  /** `Content-Type` without parameters, in lower case; empty where the server does not say. */
  readonly type: string;
  /** Seconds since it left its origin, as far as `Age` and `Date` tell; 0 where they do not. */
  readonly age: number;
}
