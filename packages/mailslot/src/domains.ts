/// <reference types="node" preserve="true" />
// `mailslot/domains`: what programs need that set domains up. Apart from the main door, so that others do not load it.

export { type Config, type ConfigOptions, loadConfig, policyText } from './config/config.js';
export type { Environment } from './config/config-file.js';
export type { LanSettings, StoredDomain, StoredKey } from './config/config-schema.js';
export { computerName, domainName } from './config/group-name.js';
export { type KeyEntry, type KeyStore, openKeyStore } from './config/key-store.js';
export { type NatsPlace, storeNats } from './config/nats-store.js';
export { runUntilIdle } from './daemon/auto-exit.js';
export {
  checkPolicy,
  type Direction,
  type Policy,
  type PolicyProblem,
  parsePolicy,
  type Rule,
} from './redirector/policy.js';
export { explainPolicy, POLICY_NOTE, type PolicyExplanation } from './redirector/policy-explain.js';
