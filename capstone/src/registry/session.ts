import { type Challenge, challengesIn } from './auth/challenge.ts';
import { type Credentials, credentialsFor } from './auth/credentials.ts';
import { basic, fetchToken, type Token, type Wanted } from './auth/token.ts';
import type { Endpoint } from './endpoint.ts';
import { errorOf } from './http/answered.ts';
import { type Connections, connections } from './http/connections.ts';
import { RegistryError } from './http/error.ts';
import { follow } from './http/follow.ts';
import { isCut, isPassing, PATIENCE, type Patience, wait } from './http/patience.ts';
import { type Answer, type Asked, dismiss, textOf } from './http/send.ts';
import { whyNot } from './http/why-not.ts';

/** What is asked of a registry. */
export interface Question extends Omit<Asked, 'url'> {
  /** Below `/v2/`; or a whole address that the registry gave. */
  readonly path: string | URL;
  /** What a token must be good for. */
  readonly scopes: readonly string[];
  /** Statuses that are no error. */
  readonly good: readonly number[];
  /** For an error: what couldn't be done. */
  readonly what: string;
  /** Is it of no use to ask again where the connection is cut? */
  readonly once?: boolean;
}

type Insisting = Pick<Question, 'signal' | 'good' | 'what' | 'once'>;

/** Who talks to a registry, and how patiently. */
export interface SessionOptions {
  readonly credentials?: Credentials | undefined;
  readonly patience?: Patience;
}

/** Talks to one registry: finds out how to reach it, proves who we are where it asks, and tries again what may yet go well. */
export class Session {
  readonly endpoint: Endpoint;
  readonly patience: Patience;
  readonly #connections: Connections;
  readonly #tokens = new Map<string, string>();
  #credentials: Promise<Credentials | undefined> | undefined;
  #base: Promise<URL> | undefined;
  /** A registry that has never answered isn't asked again. */
  #hasAnswered = false;

  constructor(endpoint: Endpoint, { credentials, patience = PATIENCE }: SessionOptions = {}) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.#connections = connections((host) => endpoint.insecure && endpoint.urls.some((url) => url.host === host));
    if (credentials !== undefined) this.#credentials = Promise.resolve(credentials);
  }

  close(): void {
    this.#connections.close();
  }

  /** Where the registry is: the first of its addresses that answers. */
  async base(signal?: AbortSignal): Promise<URL> {
    this.#base ??= this.#find(signal);
    return this.#base;
  }

  /**
   * Asks, and asks again if the answer may be another in a moment.
   *
   * @throws {RegistryError} for a status that isn't good, or without an answer
   */
  ask(question: Question): Promise<Answer> {
    return this.#insist(question, () => this.#authorized(question));
  }

  /**
   * Asks for a document, and reads it whole: anew, where the connection is cut meanwhile.
   *
   * @param most - bytes
   * @throws {RegistryError} as `ask`; if it's longer
   */
  async read(question: Question, most: number): Promise<Answer & { readonly bytes: Buffer }> {
    let bytes: Buffer = Buffer.alloc(0);
    const answer = await this.#insist(question, async () => {
      const answer = await this.#authorized(question);
      if (question.good.includes(answer.status)) bytes = await textOf(answer, most);
      return answer;
    });
    return { ...answer, bytes };
  }

  async #insist({ signal, good, what, once }: Insisting, attempt: () => Promise<Answer>): Promise<Answer> {
    for (let nth = 0; ; nth++) {
      const last = nth === this.patience.times;
      const answer = await attempt().catch((error): undefined => {
        if (!isCut(error) || last || once || !this.#hasAnswered) throw whyNot(error, what);
      });
      this.#hasAnswered ||= answer !== undefined;
      if (answer && good.includes(answer.status)) return answer;
      if (answer && (last || !isPassing(answer.status))) throw await errorOf(answer, what);
      if (answer) dismiss(answer);
      await wait(this.patience, nth, answer, signal).catch((error) => {
        throw new RegistryError(`${what}: ${this.endpoint.server} is busy, and ${error.message}`, { cause: error });
      });
    }
  }

  /** Asks for a token without a scope, which is to log in. @returns undefined if the registry wants none */
  async login(): Promise<Token | undefined> {
    const base = await this.base();
    const asking = { good: [200, 401], what: 'login denied' };
    const answer = await this.#insist(asking, () => follow(this.#connections, { url: new URL('v2/', base) }));
    dismiss(answer);
    const challenges = challengesIn(answer.headers['www-authenticate']);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (answer.status !== 401 || bearer === undefined) return undefined;
    const token = await this.#token({ challenge: bearer, credentials: await this.#who(), scopes: [], from: base });
    this.#tokens.set('', `Bearer ${token.token}`);
    return token;
  }

  async #find(signal?: AbortSignal): Promise<URL> {
    const { urls } = this.endpoint;
    for (const base of urls) {
      const asked = { url: new URL('v2/', base), signal };
      const answer = await follow(this.#connections, asked).catch((error) => {
        if (base === urls.at(-1)) return undefined; // the first question finds out why not
        if (signal?.aborted) throw error;
      });
      if (answer) dismiss(answer);
      this.#hasAnswered ||= answer !== undefined;
      if (answer || base === urls.at(-1)) return base;
    }
    throw new Error('a registry without an address');
  }

  async #authorized(question: Question): Promise<Answer> {
    const base = await this.base(question.signal);
    const scope = question.scopes.join(' ');
    const url = new URL(question.path, new URL('v2/', base));
    const known = this.#tokens.get(scope);
    const answer = await this.#send(question, url, base, known);
    const challenges = challengesIn(answer.headers['www-authenticate']);
    if (answer.status !== 401 || answer.url.origin !== base.origin || challenges.length === 0) return answer;
    const authorization = await this.#authorize(challenges, question.scopes, base);
    if (authorization === undefined || authorization === known) return answer;
    dismiss(answer);
    this.#tokens.set(scope, authorization);
    return this.#send(question, url, base, authorization);
  }

  #send(question: Question, url: URL, base: URL, authorization: string | undefined): Promise<Answer> {
    const { path: _path, scopes: _scopes, good: _good, what: _what, once: _once, headers, ...asked } = question;
    const proof = authorization !== undefined && url.origin === base.origin && { Authorization: authorization };
    return follow(this.#connections, { ...asked, url, headers: { ...headers, ...proof } });
  }

  /** What proves who we are. @returns undefined if we're nobody, and the registry wants a password */
  async #authorize(
    challenges: readonly Challenge[],
    scopes: readonly string[],
    from: URL,
  ): Promise<string | undefined> {
    const credentials = await this.#who();
    if (credentials?.registryToken) return `Bearer ${credentials.registryToken}`;
    const challenge = challenges.find(({ scheme }) => scheme === 'bearer');
    if (challenge) return `Bearer ${(await this.#token({ challenge, credentials, scopes, from })).token}`;
    return credentials?.username ? basic(credentials) : undefined;
  }

  #token(wanted: Wanted): Promise<Token> {
    const asking = { good: [200], what: 'no token' };
    return fetchToken((asked) => this.#insist(asking, () => follow(this.#connections, asked)), wanted);
  }

  #who(): Promise<Credentials | undefined> {
    this.#credentials ??= credentialsFor(this.endpoint.server);
    return this.#credentials;
  }
}
