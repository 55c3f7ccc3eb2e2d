import type { Datagram } from '../transport/datagram.js';

/** A datagram from a computer OMEGA, for the slot a of everybody; its text is its counter. */
export function datagram(
  stamp: number,
  fields: Partial<Datagram> & { readonly counter?: number; readonly instance?: string } = {},
): Datagram {
  const { counter = 1, instance = 'ffffffffffffffff', ...rest } = fields;
  return {
    identity: { instance, counter, stamp },
    from: 'OMEGA',
    to: { kind: 'domain', name: 'OFFICE' },
    sequence: counter,
    slot: 'a',
    scope: 'site',
    data: Buffer.from(String(counter)),
    ...rest,
  };
}
