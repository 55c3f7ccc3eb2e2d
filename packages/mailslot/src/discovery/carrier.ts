import type { Redirector } from '../redirector/redirector.js';

/** What the services here need of the redirector. */
export type Carrier = Pick<
  Redirector,
  | 'computer'
  | 'domains'
  | 'instance'
  | 'attach'
  | 'destinationOf'
  | 'send'
  | 'onRoom'
  | 'onUp'
  | 'onRenewed'
  | 'transportsTo'
>;
