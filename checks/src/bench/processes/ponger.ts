// The other side of a ping-pong.
import { type ContestantName, loadContestant } from '../contestants/all.js';
import type { Place, Receiver, Sender } from '../contestants/contestant.js';
import { Verifier } from '../verifier.js';
import { parent, serve } from './duties.js';

export interface PingPong {
  readonly contestant: ContestantName;
  readonly place: Place;
  /** The slots of the two processes. */
  readonly here: string;
  readonly there: string;
  readonly size: number;
  /** Round trips that are measured; some before them are not. */
  readonly trips: number;
}

export type PongerDuties = {
  receive(spec: PingPong): Promise<void>;
  open(spec: PingPong): Promise<void>;
  close(nothing: undefined): Promise<void>;
};

let receiver: Receiver | undefined;
let sender: Sender | undefined;

const duties: PongerDuties = {
  async receive({ contestant, place, there, size }) {
    const { onMessage } = new Verifier(size, 1);
    const at = { ...place, relatives: [parent] };
    const { receive } = await loadContestant(contestant);
    receiver = await receive(at, there, (bytes, start, end) => {
      onMessage(bytes, start, end);
      void sender?.send(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start));
      void sender?.flush();
    });
  },

  async open({ contestant, place, here }) {
    const ends = await loadContestant(contestant);
    sender = await ends.open({ ...place, relatives: [parent] }, here);
  },

  async close() {
    await sender?.close();
    await receiver?.close();
  },
};

serve(duties);
