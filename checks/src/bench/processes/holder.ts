// A process that has many slots.
import { createMailslot } from 'mailslot';
import { serve } from './duties.js';

export type HolderDuties = {
  create(slots: { root: string; count: number }): Promise<void>;
};

const duties: HolderDuties = {
  async create({ root, count }) {
    for (let slot = 0; slot < count; slot += 1) await createMailslot(`slots/${slot}`, { root });
  },
};

serve(duties);
