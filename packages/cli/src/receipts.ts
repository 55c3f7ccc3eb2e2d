import type { Command, Option } from 'commander';

/** Which receipts somebody gives who receives messages. */
export type Receipts = 'nothing' | 'delivered' | 'read';

export function receiptsOption(program: Command): Option {
  return program
    .createOption(
      '--receipts <which>',
      'tell senders who ask for it what became of a message (default: nothing)',
    )
    .choices(['nothing', 'delivered', 'read'] satisfies Receipts[]);
}
