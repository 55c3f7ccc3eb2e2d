import type { Command } from 'commander';
import type { DoctorOptions } from './doctor-actions.js';
import { withExamples } from './examples.js';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary('why messages do not arrive')
    .description(
      'Looks at everything that messages to and from other computers need, and says what is wrong and what to do. ' +
        'Exit code 1 if something is.',
    )
    .option('--config <path>', 'the configuration file (default: MAILSLOT_CONFIG, else that of the user)')
    .option('-j, --json', 'one object a line: check, ok, finding, next')
    .action(async () => {
      // Loaded only now because it looks into every corner, which no other command does.
      const { doctor } = await import('./doctor-actions.js');
      await doctor(command.optsWithGlobals<DoctorOptions>());
    });
  withExamples(command, ['mailslot doctor', "mailslot doctor --json | jq 'select(.ok | not)'"]);
}
