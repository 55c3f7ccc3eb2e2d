import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/**
 * What all redirectors of one machine have in common and no other machine has: 16 hexadecimal digits, from which
 * nothing about the machine can be learnt.
 *
 * On Linux one start of the kernel and one network in it. So a container that uses the host's network is the same
 * machine, as its users are, and one with its own network is another. Elsewhere the network cards and the host's name.
 */
export function machineIdentity(): string {
  const words = wordsOfLinux() ?? [hostname(), ...cards()];
  const hash = createHash('sha256').update(['mailslot machine', ...words].join('\0'));
  return hash.digest('hex').slice(0, 16);
}

function wordsOfLinux(): string[] | undefined {
  try {
    return [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'), readlinkSync('/proc/self/ns/net')];
  } catch {
    // No Linux, or a /proc that is hidden.
    return undefined;
  }
}

function cards(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.filter(({ internal }) => !internal).map(({ mac }) => mac);
  return [...new Set(outside)].sort();
}
