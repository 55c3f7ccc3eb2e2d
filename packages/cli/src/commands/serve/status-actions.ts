import { callRedirector, type RedirectorStatus } from 'mailslot';
import { jsonLine } from '../../terminal/escape.js';
import { print } from '../../terminal/output.js';
import { statusText } from './status-text.js';

export interface StatusOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** Prints how the redirector of a root stands. Throws `ERR_MAILSLOT_NOT_FOUND` when none runs. */
export async function status({ root, json }: StatusOptions): Promise<void> {
  const answer = await askStatus(root);
  await print(json ? jsonLine(answer) : statusText(answer));
}

async function askStatus(root: string | undefined): Promise<RedirectorStatus> {
  for await (const answer of callRedirector({ do: 'status' }, { root }))
    return answer as unknown as RedirectorStatus;
  throw new Error('the redirector did not say how it stands');
}
