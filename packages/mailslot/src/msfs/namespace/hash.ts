/**
 * The file name of a slot: 128 bits of its key, as 32 hexadecimal digits.
 *
 * File names must be short and alike on every file system, names of slots are neither. This need not be a
 * cryptographic hash, whose loading alone would cost a shell's `mailslot write` 7 % of an empty Node process:
 * the real name is in the server's greeting, so that two names with one hash refuse each other and never meet.
 * Mixing as in MurmurHash3's finalizer, four lanes over the UTF-16 units.
 */
export function hashKey(key: string): string {
  const lanes = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];
  for (let at = 0; at < key.length; at += 1) {
    const unit = key.charCodeAt(at);
    for (let lane = 0; lane < 4; lane += 1) {
      const turned = lanes[(lane + 1) & 3] as number;
      lanes[lane] = Math.imul((lanes[lane] as number) ^ unit, 0x01000193 + (lane << 5)) + (turned >>> 15);
    }
  }
  return lanes
    .map((lane) =>
      mixed(lane ^ key.length)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
}

function mixed(lane: number): number {
  let bits = lane;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
