import { EVERYBODY, type Messenger, messengerName, startMessenger } from 'mailslot/messenger';
import type { Receipts } from '../messenger/receipts.js';
import { primaryDomain } from '../network/primary-domain.js';
import { canDraw } from '../terminal/can-draw.js';
import { escapeSentence } from '../terminal/escape.js';
import { UsageError } from '../terminal/exit.js';
import { diesOf, untilSignal } from '../terminal/until-signal.js';
import { Conversation } from './conversation.js';
import { PlainSession } from './plain-session.js';
import { Session, type TerminalSession } from './session.js';

export interface ChatOptions {
  readonly root?: string;
  readonly receipts?: Receipts;
}

/** A conversation with everybody or one name, until Ctrl-C. */
export async function chat(partner: string | undefined, { root, receipts }: ChatOptions): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError('chat is for a terminal; for a script there are "send" and "inbox --follow --json"');
  }
  const to = partner === undefined || partner === EVERYBODY ? EVERYBODY : messengerName(partner);
  const domain = await primaryDomain(root);
  const early: string[] = [];
  const tellWarnings = captureWarnings((text) => early.push(text));
  const messenger = await startMessenger({ root, receipts });
  const session = canDraw(process.stdout) ? new Session(promptOf(to)) : new PlainSession();
  const ending = untilSignal(() => end(session, messenger));
  try {
    const conversation = new Conversation(messenger, to, session);
    tellWarnings((text) => conversation.remark(text));
    conversation.begin(headlineOf(to, domain));
    for (const text of early) conversation.remark(text);
    await session.run(conversation);
    // The terminal first: what is still being sent may take its time.
    session.end();
    await conversation.close();
  } finally {
    await end(session, messenger);
  }
  await diesOf(ending);
}

async function end(session: TerminalSession, messenger: Messenger): Promise<void> {
  session.end();
  await messenger.close();
}

/** Standard error is the terminal that the conversation is on. Returns how to tell them to somebody else. */
function captureWarnings(first: (text: string) => void): (tell: (text: string) => void) => void {
  let told = first;
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => told(message));
  return (tell) => {
    told = tell;
  };
}

function promptOf(to: string): string {
  return `${to === EVERYBODY ? 'everybody' : escapeSentence(to)}> `;
}

function headlineOf(to: string, domain: string | undefined): string {
  const whom = to === EVERYBODY ? 'everybody' : to;
  const where = domain === undefined ? 'on this computer alone, which reaches no domain' : `in ${domain}`;
  return `${whom} ${where}; Ctrl-C ends it`;
}
