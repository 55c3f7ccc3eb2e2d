import type { RemoteInfo } from 'node:dgram';
import { LAN_PEER_SILENCE_MS, MAX_PEERS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';

/** Where an instance can be reached. */
export interface Peer {
  readonly instance: string;
  readonly computer: string;
  readonly address: RemoteInfo;
  /** On the monotonic clock. */
  readonly heardAt: number;
}

interface Entry extends Peer {
  computer: string;
  /** In upper case. */
  key: string;
  address: RemoteInfo;
  heardAt: number;
}

/** Addresses of instances by the names of their computers, as learnt from packets whose seals were true. */
export class Peers {
  /** Least lately heard first. */
  private readonly entries = new Map<string, Entry>();
  private readonly byKey = new Map<string, Set<Entry>>();

  heard(instance: string, computer: string, address: RemoteInfo, now: number): void {
    const known = this.entries.get(instance);
    if (known !== undefined && known.computer === computer) {
      known.address = address;
      known.heardAt = now;
      this.entries.delete(instance);
      this.entries.set(instance, known);
      return;
    }
    if (known !== undefined) this.forget(known);
    this.add({ instance, computer, key: upperCase(computer), address, heardAt: now });
  }

  /** Whether an instance of this computer is known, by its name in upper case. */
  knows(key: string): boolean {
    return this.byKey.has(key);
  }

  of(key: string): Iterable<Peer> {
    return this.byKey.get(key) ?? [];
  }

  all(): readonly Peer[] {
    return [...this.entries.values()];
  }

  forgetSilent(now: number): void {
    for (const entry of this.entries.values()) {
      if (now - entry.heardAt <= LAN_PEER_SILENCE_MS) return;
      this.forget(entry);
    }
  }

  private add(entry: Entry): void {
    if (this.entries.size >= MAX_PEERS) this.forget(this.entries.values().next().value as Entry);
    this.entries.set(entry.instance, entry);
    const same = this.byKey.get(entry.key);
    if (same === undefined) this.byKey.set(entry.key, new Set([entry]));
    else same.add(entry);
  }

  private forget(entry: Entry): void {
    this.entries.delete(entry.instance);
    const same = this.byKey.get(entry.key);
    same?.delete(entry);
    if (same?.size === 0) this.byKey.delete(entry.key);
  }
}
