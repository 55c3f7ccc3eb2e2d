import type { MailslotClient } from 'mailslot';
import type { Sender } from './contestant.js';

/** `post`, and `drained()` where it says that the buffer is full. */
export class Poster implements Sender {
  protected readonly client: MailslotClient;

  constructor(client: MailslotClient) {
    this.client = client;
  }

  send(body: Buffer): Promise<void> | undefined {
    return this.client.post(body) ? undefined : this.postLater(body);
  }

  flush(): undefined {}

  close(): Promise<void> {
    return this.client.close();
  }

  private async postLater(body: Buffer): Promise<void> {
    do await this.client.drained();
    while (!this.client.post(body));
  }
}

/** Collects until there are `batch` messages, then waits for all of them. */
abstract class Batcher<T> implements Sender {
  protected readonly client: MailslotClient;
  protected batch: T[] = [];
  private readonly batchLength: number;

  constructor(client: MailslotClient, batchLength: number) {
    this.client = client;
    this.batchLength = batchLength;
  }

  send(body: Buffer): Promise<unknown> | undefined {
    this.batch.push(this.begin(body));
    return this.batch.length < this.batchLength ? undefined : this.flush();
  }

  flush(): Promise<unknown> | undefined {
    if (this.batch.length === 0) return undefined;
    const { batch } = this;
    this.batch = [];
    return this.finish(batch);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  protected abstract begin(body: Buffer): T;
  protected abstract finish(batch: T[]): Promise<unknown>;
}

/** Many `write` promises at once. */
export class Writes extends Batcher<Promise<void>> {
  protected begin(body: Buffer): Promise<void> {
    return this.client.write(body);
  }

  protected finish(writes: Promise<void>[]): Promise<unknown> {
    return Promise.all(writes);
  }
}

/** One `writeMany` for many messages. */
export class ManyWriter extends Batcher<Buffer> {
  protected begin(body: Buffer): Buffer {
    return body;
  }

  protected finish(bodies: Buffer[]): Promise<unknown> {
    return this.client.writeMany(bodies);
  }
}

/** One `write` after the other. */
export class OneByOne extends Poster {
  override send(body: Buffer): Promise<void> {
    return this.client.write(body);
  }
}
