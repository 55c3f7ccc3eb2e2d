// What runs as a redirector that was started on first need: `node redirector-process.js ROOT`. It ends when nobody needs it.
import { MailslotError } from '../errors.js';
import { startUntilIdle } from './start.js';

void run(process.argv[2]);

async function run(root: string | undefined): Promise<void> {
  try {
    const redirector = await startUntilIdle({ root });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => void redirector.close());
    }
    await redirector.ended;
  } catch (error) {
    // Another one was faster: then that one serves.
    if (!(error instanceof MailslotError) || error.code !== 'ERR_MAILSLOT_ALREADY_EXISTS') throw error;
  }
}
