// A process that owns slots: does on its server ends what the process that forked it asks for.
import { failureOf, type Outcome } from './outcome.js';
import type { ReadForm } from './reads.js';
import { localHost, type PlainOptions, type Server } from './server.js';

/** Server ends are known by the number that `create` returns. */
export type Question = { readonly id: number } & (
  | { readonly create: readonly [name: string, options: PlainOptions, form: ReadForm] }
  | { readonly server: number; readonly method: keyof Server; readonly args: readonly unknown[] }
);

export type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: Outcome });

const servers: Server[] = [];

process.on('message', async (question: Question) => {
  const { id } = question;
  try {
    say({ id, result: await answer(question) });
  } catch (error) {
    say({ id, failure: failureOf(error) });
  }
});
// With the last slot open this process would outlive the one that asks.
process.on('disconnect', () => process.exit());

async function answer(question: Question): Promise<unknown> {
  if ('create' in question) return servers.push(await localHost.create(...question.create)) - 1;
  const server = servers[question.server] as Server;
  return Reflect.apply(server[question.method], server, question.args);
}

function say(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
