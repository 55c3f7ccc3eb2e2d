import type { Command } from 'commander';
import { withExamples } from '../../terminal/examples.js';
import type { PolicyOptions } from './policy-actions.js';

/** The rules of who may send what where. */
export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .summary('check or explain the rules for sending messages')
    .description(
      'Check or explain the rules that the redirector applies. They guard against mistakes, not against members of the domain: ' +
        'a shared key proves membership, not which member speaks.',
    )
    .helpCommand(false);
  const check = policy
    .command('check')
    .summary('check a policy for mistakes')
    .description('Check a policy for mistakes; exit code 1 if there is one.')
    .argument('[file]', 'policy file (default: the one that the configuration names)')
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object per mistake')
    .action(async (file?: string) => (await actions()).check(file, check.optsWithGlobals<PolicyOptions>()));
  withExamples(check, ['mailslot policy check policy.json']);
  const explain = policy
    .command('explain')
    .summary('explain which rule decides about messages')
    .description('Explain which rule decides about messages from a computer to a slot.')
    .argument('<route>', 'sender and slot, as "HOST -> //*/mailslot/alerts"')
    .option('--file <path>', 'policy file (default: the one that the configuration names)')
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object')
    .action(async (route: string) =>
      (await actions()).explain(route, explain.optsWithGlobals<PolicyOptions>()),
    );
  withExamples(explain, ['mailslot policy explain "ALPHA -> //*/mailslot/alerts"']);
  withExamples(policy, [
    'mailslot policy check policy.json',
    'mailslot policy explain "ALPHA -> //*/mailslot/alerts"',
  ]);
}

/** Loaded only now because it brings the configuration and the rules, which no command that writes needs. */
function actions(): Promise<typeof import('./policy-actions.js')> {
  return import('./policy-actions.js');
}
