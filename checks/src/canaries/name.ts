import type { Canary } from './canary.js';

const slotName = {
  file: 'packages/mailslot/dist/name/slot-name.js',
  test: 'packages/mailslot/dist/name/slot-name.test.js',
};

const refusals = 'packages/mailslot/dist/name/slot-name-refusals.test.js';

export const nameCanaries: readonly Canary[] = [
  {
    ...slotName,
    kind: 'harmless',
    name: 'name: a comment reads differently',
    find: 'The shortest spelling',
    replace: 'A short spelling',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: upper and lower case make two names',
    find: 'key: upperCase(',
    replace: 'key: String(',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: a slot here and one of the same name elsewhere meet',
    find: 'host === undefined ? path :',
    replace: 'true ? path :',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: a backslash separates nothing',
    find: String.raw`character === '\\' ||`,
    replace: '',
  },
  {
    ...slotName,
    test: refusals,
    kind: 'defect',
    name: 'name: .. is an ordinary component',
    find: ` || component === '..'`,
    replace: '',
  },
  {
    ...slotName,
    test: refusals,
    kind: 'defect',
    name: 'name: half a surrogate pair passes',
    find: 'next < 0xdc00 || next > 0xdfff',
    replace: 'false',
  },
  {
    ...slotName,
    test: refusals,
    kind: 'defect',
    name: 'name: the position of an empty component is off by one',
    find: `Math.min(at, text.length), 'a component is empty'`,
    replace: `Math.min(at + 1, text.length), 'a component is empty'`,
  },
];
