import { holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { FOREVER } from './values.js';

const NAME = String.raw`\\.\mailslot\R:\FRED`;

/** F1–F6: creation by NT's own call. */
export const ntdllFile: Group = group({
  varies: ['process'],
  cases: {
    F1: notApplicable(
      '`R:\\FRED`',
      'NtCreateMailslotFile, nowhere to put the handle',
      'STATUS_ACCESS_VIOLATION',
      { reason: 'native: a function returns what it makes and is given no place for it', unless: /^nt[A-Z]/ },
    ),
    F2: holds('`R:\\FRED`', 'NtCreateMailslotFile without a time-out', 'succeeds (later than Server 2003)'),
    F3: holds('F2', 'handle', 'there is one'),
    F4: holds('F2, closed', 'NtCreateMailslotFile, time-out -1: forever', 'succeeds'),
    F5: holds('F4', 'handle', 'there is one'),
    F6: holds('F4', 'NtClose', 'succeeds'),
  },
  async run(scene, check) {
    const first = await scene.create(NAME);
    check.succeeds('F2');
    check.is('F3', await first.name(), 'R:/FRED');
    await first.close();
    const second = await scene.create(NAME, { readTimeout: FOREVER });
    check.succeeds('F4');
    check.is('F5', await second.name(), 'R:/FRED');
    check.succeeds('F6', await second.close());
  },
});
