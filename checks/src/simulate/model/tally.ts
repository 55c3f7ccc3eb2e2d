import type { RedirectorStatistics } from '../../../../packages/mailslot/dist/redirector/statistics.js';
import { must } from '../violation.js';

/** What a redirector does with a message for it. */
export type Fate =
  | 'delivered'
  | 'no-slot'
  | 'not-allowed'
  | 'forged'
  | 'duplicate'
  | 'clock'
  | 'rate'
  | 'too-large'
  | 'queue-full';

const FATES: readonly Fate[] = [
  'delivered',
  'no-slot',
  'not-allowed',
  'forged',
  'duplicate',
  'clock',
  'rate',
  'too-large',
  'queue-full',
];

/** Why a message that was taken was not sent. */
export type Refusal = 'not-allowed' | 'too-large' | 'rate' | 'no-transport';

const REFUSALS: readonly Refusal[] = ['not-allowed', 'too-large', 'rate', 'no-transport'];

/** What the counters of one process should show. */
export class Tally {
  readonly fates: Record<Fate, number> = zeros(FATES);
  readonly refused: Record<Refusal, number> = zeros(REFUSALS);
  sent = 0;
  /** Messages of which the model cannot tell why they were dropped, only that they were, once each. */
  unsure = 0;

  add(other: Tally): void {
    for (const fate of FATES) this.fates[fate] += other.fates[fate];
    for (const reason of REFUSALS) this.refused[reason] += other.refused[reason];
    this.sent += other.sent;
    this.unsure += other.unsure;
  }

  /** Throws if the counters tell anything else. */
  compare({ dropped, delivered, received, sent, refused }: RedirectorStatistics): void {
    // A time that is off is one reason here, whether a clock or a standstill has made it so.
    const counted = { ...dropped, delivered, clock: dropped.clock + dropped.standstill };
    let all = this.unsure;
    for (const fate of FATES) {
      const [is, ought] = [counted[fate], this.fates[fate]];
      all += ought;
      const isRight = is >= ought && is <= ought + (fate === 'delivered' ? 0 : this.unsure);
      must(isRight, () => `${fate} is counted ${is}, not ${ought} (and ${this.unsure} that may be)`);
    }
    must(received === all, () => `received ${received}, not ${all}`);
    must(sent === this.sent, () => `sent ${sent}, not ${this.sent}`);
    for (const reason of REFUSALS) {
      const [is, ought] = [refused[reason], this.refused[reason]];
      must(is === ought, () => `refused for ${reason}: ${is}, not ${ought}`);
    }
  }
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
