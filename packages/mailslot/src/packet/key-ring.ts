import type { KeyObject } from 'node:crypto';
import { MailslotError } from '../errors.js';
import { MAX_KEYS } from '../limits.js';
import { tagOfSession } from './head.js';
import { keyIdOf, keyTagOf, markKeyOf, markOf, SECRET_SIZE } from './seal.js';

/** A secret that the members of a domain share. */
export interface Key {
  /** 8 hexadecimal digits that follow from the secret and do not tell it: what people compare. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** The key of a secret of 32 bytes. Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT` for any other length. */
export function keyOf(secret: Uint8Array): Key {
  if (secret.length === SECRET_SIZE) return { id: keyIdOf(secret), secret: Uint8Array.from(secret) };
  throw invalid(
    `a key's secret has ${SECRET_SIZE} bytes, not ${secret.length}: copy all of the line that was shared`,
  );
}

/**
 * The keys of a domain on this computer: every one opens, the one in use seals.
 *
 * It may be changed at any time, and what uses it follows at once: a key that was removed opens nothing from then on.
 * To change a domain's key, install the new one on each computer, then use it on each, then remove the old one on each.
 */
export class KeyRing {
  readonly domain: string;
  private byId = new Map<string, Key>();
  private byTag = new Map<string, Key>();
  private markKeys = new Map<string, KeyObject>();
  private idInUse: string | undefined;
  private readonly listeners = new Set<() => void>();

  /** Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`, as {@link replace}. */
  constructor(domain: string, keys: readonly Key[], inUse: string | undefined) {
    this.domain = domain;
    this.replace(keys, inUse);
  }

  get keys(): readonly Key[] {
    return [...this.byId.values()];
  }

  /** Why nothing is sealed now, and what to do. */
  get hindrance(): string | undefined {
    if (this.inUse !== undefined) return undefined;
    return `no key of the domain ${this.domain} is in use; run "mailslot key use" with the id of one`;
  }

  /** The key that seals; without one nothing is sent, nor listened to. */
  get inUse(): Key | undefined {
    return this.idInUse === undefined ? undefined : this.byId.get(this.idInUse);
  }

  /** From now on what is sealed with `key` is opened. Installing it again changes nothing. */
  install(key: Key): void {
    this.replace([...this.keys, key], this.idInUse);
  }

  /** From now on the installed key of this id seals. */
  use(id: string): void {
    this.replace(this.keys, id);
  }

  /** From now on what is sealed with the key of this id is foreign. The key in use cannot be removed. */
  remove(id: string): void {
    if (id === this.idInUse) {
      throw invalid(`the key ${id} is in use: install and use another one before it is removed`);
    }
    if (!this.byId.has(id)) throw this.unknown(id);
    this.replace(
      this.keys.filter((key) => key.id !== id),
      this.idInUse,
    );
  }

  /** All at once, as after a change of the configuration. If it throws, nothing has changed. */
  replace(keys: readonly Key[], inUse: string | undefined): void {
    const byId = new Map(keys.map((key) => [key.id, key]));
    for (const { id, secret } of byId.values()) {
      const { id: expected } = keyOf(secret);
      if (id !== expected) throw invalid(`the secret of key ${id} is that of ${expected}: install it again`);
    }
    if (byId.size > MAX_KEYS) throw invalid(`a domain has at most ${MAX_KEYS} keys: remove old ones`);
    if (inUse !== undefined && !byId.has(inUse)) throw this.unknown(inUse);
    this.byId = byId;
    this.byTag = new Map(Array.from(byId.values(), (key) => [keyTagOf(key.secret, this.domain), key]));
    this.markKeys = new Map(
      Array.from(this.byTag, ([tag, { secret }]) => [tag, markKeyOf(secret, this.domain)]),
    );
    this.idInUse = inUse;
    for (const listener of [...this.listeners]) listener();
  }

  /** The key whose mark this is; see {@link keyTagOf}. */
  ofTag(tag: string): Key | undefined {
    return this.byTag.get(tag);
  }

  /** What marks a session of one of the keys; `undefined`: it is of none. */
  markOf(session: string): number | undefined {
    const markKey = this.markKeys.get(tagOfSession(session));
    return markKey && markOf(markKey, session);
  }

  /** Calls back after each change; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private unknown(id: string): MailslotError {
    return invalid(`domain ${this.domain} has no key ${id} on this computer: install it first`);
  }
}

function invalid(text: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', text);
}
