import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Commands that are not ours, as a workflow may begin them. */
const FOREIGN = ['npm ci', 'npm test', 'npm publish'];

/**
 * What is wrong with a workflow, as far as its text and the checkout in `folder` tell: an action that is not pinned to a
 * commit, a job without a deadline or with more rights than to read, a command or an option that does not exist.
 */
export function faultsOf(workflow: string, folder: string): string[] {
  const jobs = workflow.slice(workflow.indexOf('\njobs:\n')).match(/^ {2}\w+:$/gm) ?? [];
  const deadlines = workflow.match(/^ {4}timeout-minutes: \d+$/gm) ?? [];
  return [
    ...(/^permissions:\n {2}contents: read\n(?! )/m.test(workflow) ? [] : ['it may do more than read']),
    ...(jobs.length > 0 && jobs.length === deadlines.length ? [] : ['a job has no deadline']),
    ...valuesOf(workflow, 'uses').flatMap(faultOfAction),
    ...valuesOf(workflow, 'run').flatMap((command) => faultOfCommand(command, folder)),
  ];
}

/** The commits to which actions are pinned, as `owner/name@commit # version`. */
export function actionsOf(workflow: string): string[] {
  return valuesOf(workflow, 'uses');
}

function valuesOf(workflow: string, key: string): string[] {
  return Array.from(workflow.matchAll(new RegExp(`^ +(?:- )?${key}: (.+)$`, 'gm')), ([, value]) => value!);
}

function faultOfAction(action: string): string[] {
  return /^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action) ? [] : [`not pinned: ${action}`];
}

function faultOfCommand(command: string, folder: string): string[] {
  const [program = '', first = '', second = ''] = command.split(' ');
  if (program === 'npm' && first === 'run') return faultOfScript(second, command, folder);
  if (FOREIGN.some((each) => command === each || command.startsWith(`${each} `))) return [];
  if (program === 'node') return existsSync(join(folder, first)) ? [] : [`no such file: ${first}`];
  return isExecutable(join(folder, program)) ? [] : [`no such program: ${program}`];
}

function faultOfScript(script: string, command: string, folder: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const line = scripts[script];
  if (line === undefined) return [`no such script: ${script}`];
  const check = /run-check\.mjs (\w+)$/.exec(line)?.[1];
  const main = check && readFileSync(join(folder, 'checks/src', check, 'main.ts'), 'utf8');
  const options = Array.from(command.matchAll(/ --(\w[\w-]*)/g), ([, name]) => name!);
  return options
    .filter((name) => !main?.includes(`${name}: { type:`))
    .map((name) => `${script} has no --${name}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
