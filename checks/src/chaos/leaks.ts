import type { Child } from '../harness/child.js';
import { until } from '../support/until.js';
import type { Reader } from './programs/reader.js';

/** What a server has open that it should not: once all have left, no more than one to which nobody ever wrote. */
export async function leaksOf(server: Child<Reader>, fresh: readonly string[]): Promise<string[]> {
  let open: string[] = [];
  try {
    await until('the closing of all descriptors', async () => {
      open = await server.ask('descriptors');
      return open.length <= fresh.length;
    });
    return [];
  } catch {
    return [`a server has open ${open.join(' ')} where a new one has ${fresh.join(' ')}`];
  }
}
