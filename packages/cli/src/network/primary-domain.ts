import { callRedirector, MailslotError } from 'mailslot';
import { loadConfig } from 'mailslot/domains';
import { strangeOwner } from './strange-root.js';

/** The domain that `*` means: that of the redirector, else the one it would have if it ran. `undefined`: this computer alone. */
export async function primaryDomain(root: string | undefined): Promise<string | undefined> {
  try {
    for await (const status of callRedirector({ do: 'status' }, { root })) {
      const [primary] = status['domains'] as readonly { readonly name: string }[];
      return primary?.name;
    }
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
  }
  if (strangeOwner(root) !== undefined) return undefined;
  return loadConfig(process.env).domains[0]?.name;
}
