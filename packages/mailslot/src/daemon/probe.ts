import type { Discovery } from '../discovery/discovery.js';
import type { EchoAnswer } from '../discovery/echo.js';
import { MAX_PROBED, PROBE_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';

/** An instance's answer to {@link probeAll}. */
export interface ProbeAnswer extends EchoAnswer {
  readonly domain: string;
  /** How it was asked: together with all others, by the group, or alone. */
  readonly asked: 'all' | 'one';
}

/**
 * Asks all computers of all domains to answer, and each that is known by itself as well: who answers to one question and
 * not to the other shows what of the network does not work. Takes {@link PROBE_MS}, or until the signal aborts.
 */
export async function probeAll(
  discovery: Pick<Discovery, 'computers' | 'probe'>,
  domains: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  const known = discovery.computers().filter(({ state }) => state !== 'gone');
  const questions = [
    ...domains.map((name) => ({
      domain: name,
      asked: 'all' as const,
      to: { kind: 'domain' as const, name },
    })),
    ...known.slice(0, MAX_PROBED).map(({ name, domain }) => {
      return { domain, asked: 'one' as const, to: { kind: 'computer' as const, name } };
    }),
  ];
  const withdrawals = questions.map(({ domain, asked, to }) =>
    discovery.probe(domain, to, (answer) => answers.push({ ...answer, domain, asked })),
  );
  await new Promise<void>((resolve) => {
    const alarm = clock.after(PROBE_MS, resolve);
    signal.addEventListener('abort', () => {
      alarm.cancel();
      resolve();
    });
  });
  for (const withdraw of withdrawals) withdraw();
  return answers;
}
