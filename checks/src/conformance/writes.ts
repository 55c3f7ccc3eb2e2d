import type { MailslotClient } from 'mailslot';

/** The ways of writing, by the member that begins them. */
export type WriteForm = 'write' | 'writeMany' | 'post' | 'writable';

interface Writing {
  /** Whether success means that the messages are in the queue, and not only on their way. */
  readonly confirms: boolean;
  put(client: MailslotClient, messages: readonly Uint8Array[]): Promise<void>;
}

export const writes: Readonly<Record<WriteForm, Writing>> = {
  write: {
    confirms: true,
    async put(client, messages) {
      await Promise.all(messages.map((message) => client.write(message)));
    },
  },

  writeMany: {
    confirms: true,
    put: (client, messages) => client.writeMany(messages),
  },

  post: {
    confirms: false,
    async put(client, messages) {
      for (const message of messages) while (!client.post(message)) await client.drained();
      await client.drained();
    },
  },

  writable: {
    confirms: false,
    async put(client, messages) {
      const writer = client.writable.getWriter();
      try {
        await Promise.all(messages.map((message) => writer.write(message)));
      } finally {
        writer.releaseLock();
      }
    },
  },
};
