import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/**
 * What tells this computer, in its present life, from a copy of it: which start of the system, which machine, its name, its
 * network cards and their addresses. Some of it changes where a copy of a running computer goes on, or soon after.
 */
export function fingerprint(): string {
  const cards = Object.entries(networkInterfaces()).flatMap(([name, list = []]) => {
    return list.map(({ mac, address }) => `${name} ${mac} ${address}`);
  });
  const ids = ['/proc/sys/kernel/random/boot_id', '/etc/machine-id'].map(read);
  return [hostname(), ...ids, ...cards].join('\0');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
