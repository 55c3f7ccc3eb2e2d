// A computer of a domain over NATS that meets a hostile server.
import { answer } from '../../harness/answer.js';
import { SLOT, Station } from '../../nats/support/station.js';

export interface NatsVictim {
  /** Connects; resolves to what came of it. */
  start(url: string): Promise<string>;
  /** Resident memory, in bytes: the most there ever was. */
  peak(): number;
  problem(): string | undefined;
}

let station: Station | undefined;

answer<NatsVictim>({
  start: async (url) => {
    station = new Station('ALPHA', { servers: [url] });
    try {
      await station.transport.start(station);
      station.transport.want(new Set([SLOT]));
      return 'connected';
    } catch (error) {
      return String(error);
    }
  },
  peak: () => process.resourceUsage().maxRSS * 1024,
  problem: () => station?.transport.describe().problem,
});
