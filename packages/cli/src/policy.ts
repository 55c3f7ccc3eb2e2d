import type { Command } from 'commander';
import { withExamples } from './examples.js';
import type { PolicyOptions } from './policy-actions.js';

/** The rules of who may send what where. */
export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .summary('the rules of who may send what where: check, explain')
    .description(
      'Rules that the redirector keeps. They guard against mistakes, not against members of the domain: ' +
        'a shared key proves membership, not which member speaks.',
    )
    .helpCommand(false);
  const check = policy
    .command('check')
    .summary('look for mistakes in a policy')
    .description('Looks for mistakes in a policy; exit code 1 if there is one.')
    .argument('[file]', 'the policy (default: the one that the configuration names)')
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('-j, --json', 'one object for each mistake')
    .action(async (file?: string) => (await actions()).check(file, check.optsWithGlobals<PolicyOptions>()));
  withExamples(check, ['mailslot policy check policy.json']);
  const explain = policy
    .command('explain')
    .summary('tell which rule decides about messages')
    .description('Tells which rule decides about messages from a computer to a slot.')
    .argument('<route>', 'as "HOST -> //*/mailslot/alerts"')
    .option('--file <path>', 'the policy (default: the one that the configuration names)')
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('-j, --json', 'print one object')
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
