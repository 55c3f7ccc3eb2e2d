import { createHash } from 'node:crypto';
import { type Datagram, upperCase } from 'mailslot/transports';
import { MAX_TOKEN_UNITS, MAX_TOKENS, TOKEN_BYTES } from './limits.js';

/*
 * Subjects; normative: `docs/wire/nats.md`.
 *
 *     ms . domain . sender . addressee . slot
 *
 * Each of the four is a hash of a name, so no name can be a wildcard, an empty token, or too long.
 */
export type TokenKind = 'domain' | 'computer' | 'slot';

const PREFIX = 'ms';
const TOKEN_LENGTH = (TOKEN_BYTES * 4) / 3;
const SENDER_AT = PREFIX.length + 1 + TOKEN_LENGTH + 1;

/** The token of a name, the same for every spelling of it. */
export function tokenOf(kind: TokenKind, name: string): string {
  const hash = createHash('sha256')
    .update(`mailslot nats ${kind}\0${upperCase(name)}`)
    .digest();
  return hash.toString('base64url', 0, TOKEN_BYTES);
}

/** The sender's token in the subject of a message to this transport. */
export function senderIn(subject: string): string {
  return subject.slice(SENDER_AT, SENDER_AT + TOKEN_LENGTH);
}

/** The subjects that one computer of a domain uses. */
export interface ComputerSubjects {
  /** What it sends to that slot of a computer. */
  toComputer(computer: string, slot: string): string;
  /** What it sends to that slot of all computers of the domain. */
  toDomain(slot: string): string;
  /** What it subscribes to for one of its slots: what is for it, and what is for all. */
  heard(slot: string): readonly [string, string];
}

/** The subjects of a computer in a domain; see `docs/wire/nats.md`. */
export function subjectsOf(domain: string, computer: string): ComputerSubjects {
  const [all, own] = [tokenOf('domain', domain), tokenOf('computer', computer)];
  const sent = `${PREFIX}.${all}.${own}`;
  return {
    toComputer: (name, slot) => `${sent}.${tokenOf('computer', name)}.${tokenOf('slot', slot)}`,
    toDomain: (slot) => `${sent}.${all}.${tokenOf('slot', slot)}`,
    heard: (slot) => {
      const token = tokenOf('slot', slot);
      return [`${PREFIX}.${all}.*.${own}.${token}`, `${PREFIX}.${all}.*.${all}.${token}`];
    },
  };
}

/** What the server has to let a computer do, and nothing more: nobody else may publish with its sender's token. */
export function permissionsOf(domain: string, computer: string): { publish: string[]; subscribe: string[] } {
  const [all, own] = [tokenOf('domain', domain), tokenOf('computer', computer)];
  return {
    publish: [`${PREFIX}.${all}.${own}.*.*`],
    subscribe: [`${PREFIX}.${all}.*.${own}.*`, `${PREFIX}.${all}.*.${all}.*`],
  };
}

/** Tokens that were asked for before; at most so many, of names that are not long. */
export class Tokens {
  private readonly known = new Map<string, string>();

  get size(): number {
    return this.known.size;
  }

  of(kind: TokenKind, name: string): string {
    const key = `${kind} ${name}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const token = tokenOf(kind, name);
    if (name.length > MAX_TOKEN_UNITS) return token;
    if (this.known.size >= MAX_TOKENS) this.known.clear();
    this.known.set(key, token);
    return token;
  }
}

/** Finds the subjects of messages of one domain, most of which go where the one before went. */
export class Subjects {
  private readonly tokens = new Tokens();
  private readonly start: string;
  private last: Pick<Datagram, 'from' | 'to' | 'slot'> | undefined;
  private subject = '';

  constructor(domain: string) {
    this.start = `${PREFIX}.${tokenOf('domain', domain)}`;
  }

  of({ from, to, slot }: Datagram): string {
    const { last, tokens } = this;
    const isLast = last?.slot === slot && last.from === from && last.to.name === to.name;
    if (isLast && last.to.kind === to.kind) return this.subject;
    this.last = { from, to, slot };
    const [sender, addressee] = [tokens.of('computer', from), tokens.of(to.kind, to.name)];
    this.subject = `${this.start}.${sender}.${addressee}.${tokens.of('slot', slot)}`;
    return this.subject;
  }
}
