// A process that is the redirector of a computer.
import {
  type NatsFactory,
  type RedirectorHandle,
  type StartOptions,
  startRedirector,
  watchComputers,
} from 'mailslot';
import { now } from '../verifier.js';
import { serve } from './duties.js';
import { cpuMicros } from './usage.js';

export type RedirectorDuties = {
  /** Starts; says when it began to, in nanoseconds. */
  start(options: StartOptions): Promise<number>;
  /** When this redirector first knew that computer to be there, in nanoseconds; waits for it. */
  knows(computer: string): Promise<number>;
  usage(nothing: undefined): number;
  close(nothing: undefined): Promise<void>;
};

const known = new Map<string, number>();
let onNews: () => void = () => {};
const closing = new AbortController();
let redirector: RedirectorHandle | undefined;

const duties: RedirectorDuties = {
  async start(options) {
    const began = now();
    redirector = await startRedirector({ ...options, nats: await natsFactory(options) });
    void watch(redirector.root);
    return began;
  },

  async knows(computer) {
    for (;;) {
      const since = known.get(computer);
      if (since !== undefined) return since;
      await new Promise<void>((resolve) => {
        onNews = resolve;
      });
    }
  },

  usage: cpuMicros,

  async close() {
    closing.abort();
    await redirector?.close();
  },
};

serve(duties);

/** What cannot be sent to a process; not loaded where it is not needed, for that takes time. */
async function natsFactory({ config }: StartOptions): Promise<NatsFactory | undefined> {
  return config?.nats ? (await import('@mailslot/nats')).natsTransport : undefined;
}

async function watch(root: string): Promise<void> {
  const { signal } = closing;
  try {
    for await (const { computer } of watchComputers({ root, signal })) {
      if (computer.state === 'here' && !known.has(computer.name)) known.set(computer.name, now());
      onNews();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
