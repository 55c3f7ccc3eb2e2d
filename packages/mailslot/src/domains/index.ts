// `mailslot/domains`: what programs need that set domains up. Apart from the main door, so that others do not load it.
export {
  checkPolicy,
  type Direction,
  type Policy,
  type PolicyProblem,
  parsePolicy,
  type Rule,
} from '../redirector/policy.js';
export { explainPolicy, POLICY_NOTE, type PolicyExplanation } from '../redirector/policy-explain.js';
export { type Config, type ConfigOptions, loadConfig, policyText } from '../serve/config.js';
export type { Environment } from '../serve/config-file.js';
export type { LanSettings, StoredDomain, StoredKey } from '../serve/config-json.js';
export { computerName, domainName } from '../serve/group-name.js';
export { type KeyEntry, type KeyStore, openKeyStore } from '../serve/key-store.js';
export { type NatsPlace, storeNats } from '../serve/nats-store.js';
export { runUntilIdle } from '../serve/run-until-idle.js';
