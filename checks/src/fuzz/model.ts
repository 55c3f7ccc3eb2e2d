/** What must come of a client's bytes, however they are cut. */
export interface Expected {
  /** The messages that are complete before anything is wrong. */
  readonly messages: readonly Buffer[];
  readonly isFaulty: boolean;
  /** Messages before the last SYNC. */
  readonly decidedAtLastSync: number;
  /** Length of a message that has begun and is not complete; 0 if there is none. */
  readonly unfinished: number;
}

/** The framing as plainly as it can be said: the whole stream at once, every message by itself. */
export function expectedOf(stream: Buffer, limit: number): Expected {
  const messages: Buffer[] = [];
  let decidedAtLastSync = 0;
  const end = (isFaulty: boolean, unfinished = 0): Expected => ({
    messages,
    isFaulty,
    decidedAtLastSync,
    unfinished,
  });
  if (stream.length < 12) return end(false);
  if (stream.toString('latin1', 0, 4) !== 'MSFC' || stream[4] !== 1) return end(true);
  if (stream.readUInt32LE(8) > 0x7fff_ffff) return end(true);
  for (let at = 12; at + 4 <= stream.length; ) {
    const word = stream.readUInt32LE(at);
    at += 4;
    if (word === 0xffff_ff01) decidedAtLastSync = messages.length;
    else if (word === 0xffff_ff02) continue;
    else if (word > limit) return end(true);
    else if (at + word > stream.length) return end(false, word);
    else {
      messages.push(stream.subarray(at, at + word));
      at += word;
    }
  }
  return end(false);
}
