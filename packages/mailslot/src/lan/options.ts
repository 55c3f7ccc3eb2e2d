import { MailslotError } from '../errors.js';
import { LAN_BYTES_PER_SECOND, LAN_PORT, LAN_UNICAST_PORT, LAN_UNICAST_PORTS } from '../limits.js';
import { upperCase } from '../name/upper-case.js';
import type { KeyRing } from '../packet/key-ring.js';

/** How a domain is carried over the LAN. */
export interface LanOptions {
  readonly domain: string;
  /** Made for the same domain. It may be changed at any time, and the transport follows. */
  readonly keys: KeyRing;
  /** Names or addresses, `lo` for loopback only. Default: all that are up, but not loopback. */
  readonly interfaces?: readonly string[];
  /** Default: `any`, which is both. */
  readonly family?: 'any' | 'IPv4' | 'IPv6';
  /** The group's UDP port, the same on all computers of the domain. Default: 48783. */
  readonly port?: number;
  /**
   * The first of the 16 UDP ports for what is for this instance alone: it takes the first that is free on an address, and
   * one that the system chooses if none is. Default: 48800. 0: always what the system chooses.
   */
  readonly unicastPort?: number;
  /** Packets leave no faster, on each interface and family; each message counts 32 bytes more. Default: 100,000,000. */
  readonly bytesPerSecond?: number;
}

/** Throws MailslotError `ERR_MAILSLOT_INVALID_ARGUMENT`. */
export function checkOptions({
  domain,
  keys,
  interfaces,
  port = LAN_PORT,
  unicastPort = LAN_UNICAST_PORT,
  bytesPerSecond = LAN_BYTES_PER_SECOND,
}: LanOptions): void {
  if (upperCase(domain) !== upperCase(keys.domain)) {
    throw invalid(`the key ring of domain ${keys.domain} does not fit domain ${domain}: hand in its own`);
  }
  if (interfaces?.length === 0) throw invalid('interfaces is empty: name some, or leave it out to use all');
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) throw invalid(`port is 1 to 65535, not ${port}`);
  const last = 0x1_0000 - LAN_UNICAST_PORTS;
  if (!Number.isInteger(unicastPort) || unicastPort < 0 || unicastPort > last) {
    throw invalid(
      `unicastPort is 0 to ${last}, for it is the first of ${LAN_UNICAST_PORTS}; not ${unicastPort}`,
    );
  }
  if (!(bytesPerSecond >= 1_000)) throw invalid(`bytesPerSecond is 1000 or more, not ${bytesPerSecond}`);
}

function invalid(text: string): MailslotError {
  return new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', text);
}
