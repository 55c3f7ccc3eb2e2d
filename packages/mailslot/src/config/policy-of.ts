import { MailslotError } from '../errors.js';
import { ALLOW_ALL, type Policy, parsePolicy } from '../redirector/policy.js';
import { type Config, policyText } from './config.js';
import { unusable } from './trusted-file.js';

/** @throws MailslotError `ERR_MAILSLOT_UNUSABLE_CONFIG`: the file is missing, others may write it, or it has a mistake */
export function policyOf(config: Config): Policy {
  const text = policyText(config);
  if (text === undefined) return ALLOW_ALL;
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof MailslotError)) throw error;
    throw unusable('the policy', config.policy ?? '', error.message);
  }
}
