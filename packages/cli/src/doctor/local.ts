import { statSync } from 'node:fs';
import type { RedirectorStatus } from 'mailslot';
import { type Config, checkPolicy, loadConfig, policyText } from 'mailslot/domains';
import { bad, badByError, type Finding, good, modeText } from './finding.js';

/** What the configuration says; `undefined` when it cannot be used. */
export interface ConfigReport {
  readonly config: Config | undefined;
  readonly findings: readonly Finding[];
}

export function configFindings(path: string | undefined): ConfigReport {
  let config: Config;
  try {
    config = loadConfig(process.env, { path });
  } catch (error) {
    return { config: undefined, findings: [badByError('configuration', error)] };
  }
  const { computer, domains } = config;
  const file = statSync(config.path, { throwIfNoEntry: false });
  const state = file === undefined ? 'is not there' : `has mode ${modeText(file)}`;
  const findings = [good('configuration', `${config.path} ${state}; this computer is ${computer}`)];
  if (domains.length === 0) {
    findings.push(
      bad(
        'key',
        'this computer is in no domain: nothing is sent to others, and nothing heard from them',
        'run "mailslot key new OFFICE"; or "mailslot key share" on a computer that is in one, and give that line to ' +
          '"mailslot key install" here',
      ),
    );
  }
  return { config, findings: [...findings, ...domains.map(keyFinding), ...policyFindings(config)] };
}

/** The domains of a redirector that goes by the configuration of another user. */
export function domainFindings({ domains }: Pick<RedirectorStatus, 'domains'>, owner: number): Finding[] {
  if (domains.length === 0) {
    return [
      bad(
        'key',
        'the redirector is in no domain: nothing is sent to others, and nothing heard from them',
        `have uid ${owner} run "mailslot key new OFFICE", or "mailslot key install" with the line of another computer`,
      ),
    ];
  }
  return domains.map(({ name, inUse }) =>
    inUse === undefined
      ? bad(
          'key',
          `domain ${name} has no key in use, so it is silent`,
          `have uid ${owner} run "mailslot key use"`,
        )
      : good('key', `domain ${name} uses key ${inUse}; the other computers must have that key too`),
  );
}

function keyFinding({ name, keys, use }: Config['domains'][number]): Finding {
  if (use === undefined) {
    const [key] = keys;
    return bad(
      'key',
      `domain ${name} has no key in use, so it is silent`,
      key === undefined
        ? `give the line of "mailslot key share" on another computer of ${name} to "mailslot key install" here`
        : `run "mailslot key use ${key.id}" if the others have that key ("mailslot key list" shows all)`,
    );
  }
  const others = keys.filter(({ id }) => id !== use).map(({ id }) => id);
  const more = others.length > 0 ? `; also understood: ${others.join(', ')}` : '';
  return good('key', `domain ${name} uses key ${use}${more}; the other computers must have that key too`);
}

function policyFindings(config: Config): Finding[] {
  if (config.policy === undefined) return [];
  try {
    const problems = checkPolicy(policyText(config) ?? '');
    if (problems.length === 0) return [good('policy', `${config.policy} has no mistakes`)];
    return problems.map(({ line, text }) =>
      bad(
        'policy',
        `${config.policy}, line ${line}: ${text}`,
        'change that, then run "mailslot policy check"',
      ),
    );
  } catch (error) {
    return [badByError('policy', error)];
  }
}
