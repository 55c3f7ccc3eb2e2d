import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * What can be watched through `node:diagnostics_channel`, at no cost while nobody does.
 *
 * | channel             | published with                         | when                                          |
 * |---------------------|----------------------------------------|-----------------------------------------------|
 * | `mailslot:create`   | `{ name, root }`                       | a slot was created                            |
 * | `mailslot:close`    | `{ name, root, statistics }`           | a slot was closed                             |
 * | `mailslot:closed`   | `{ name, end, error }`                 | the `closed` of a slot or client resolved     |
 * | `mailslot:connect`  | `{ name, pid }`                        | a writer came                                 |
 * | `mailslot:disconnect` | `{ name, pid }`                      | a writer went                                 |
 * | `mailslot:drop`     | `{ name, reason, messages }`           | messages were dropped or rejected             |
 * | `mailslot:fault`    | `{ name, pid, error }`                 | a writer broke the framing and was cut off    |
 */
export const diagnostics: Readonly<
  Record<'create' | 'close' | 'closed' | 'connect' | 'disconnect' | 'drop' | 'fault', Channel>
> = {
  create: channel('mailslot:create'),
  close: channel('mailslot:close'),
  closed: channel('mailslot:closed'),
  connect: channel('mailslot:connect'),
  disconnect: channel('mailslot:disconnect'),
  drop: channel('mailslot:drop'),
  fault: channel('mailslot:fault'),
};
