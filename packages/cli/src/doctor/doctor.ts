import type { Command } from 'commander';
import { withExamples } from '../terminal/examples.js';
import type { DoctorOptions } from './actions.js';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary('find out why messages do not arrive')
    .description(
      'Check everything that messages to and from other computers need, and say what is wrong and what to do. ' +
        'Exit code 1 if something is wrong.',
    )
    .option('--config <path>', "configuration file (default: MAILSLOT_CONFIG, else the user's)")
    .option('-j, --json', 'one JSON object per line: check, ok, finding, next')
    .action(async () => {
      // Loaded only now because it looks into every corner, which no other command does.
      const { doctor } = await import('./actions.js');
      await doctor(command.optsWithGlobals<DoctorOptions>());
    });
  withExamples(command, ['mailslot doctor', "mailslot doctor --json | jq 'select(.ok | not)'"]);
}
