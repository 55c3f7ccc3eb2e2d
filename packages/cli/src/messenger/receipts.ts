import type { Command, Option } from 'commander';

/** Which receipts somebody gives who receives messages. */
export type Receipts = 'nothing' | 'delivered' | 'read';

export function receiptsOption(program: Command): Option {
  return program
    .createOption('--receipts <which>', 'receipts for senders that request one (default: nothing)')
    .choices(['nothing', 'delivered', 'read'] satisfies Receipts[]);
}
