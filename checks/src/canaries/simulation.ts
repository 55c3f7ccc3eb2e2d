import type { Canary } from './canary.js';

const redirector = 'packages/mailslot/dist/redirector';
const seeds = { test: 'checks/dist/simulate/simulate.test.js', pattern: '^20 seeds' } as const;

/** Redirectors that forget, or let in what they must not. */
export const simulationCanaries: readonly Canary[] = [
  {
    ...seeds,
    kind: 'harmless',
    name: 'simulation: a comment reads differently',
    file: `${redirector}/windows.js`,
    find: 'The windows in memory',
    replace: 'Windows in memory',
  },
  {
    ...seeds,
    kind: 'defect',
    name: 'simulation: a redirector without the window of what came before',
    file: `${redirector}/window-line.js`,
    find: 'if (!mark(',
    replace: 'if (false && !mark(',
  },
  {
    ...seeds,
    kind: 'defect',
    name: 'simulation: what was delivered is forgotten by a kill',
    file: `${redirector}/windows.js`,
    find: 'this.keeper.write(this.image, window.at);',
    replace: '',
  },
  {
    ...seeds,
    kind: 'defect',
    name: 'simulation: a slot for members takes what anybody sent',
    file: `${redirector}/incoming.js`,
    find: 'if (!ingress.isAuthenticated && !route.isForAnyone)',
    replace: 'if (false)',
  },
  {
    ...seeds,
    kind: 'defect',
    name: 'simulation: what is for all computers of another domain is delivered',
    file: `${redirector}/incoming.js`,
    find: 'return to.name === name || upperCase(to.name) === key;',
    replace: 'return true;',
  },
];
