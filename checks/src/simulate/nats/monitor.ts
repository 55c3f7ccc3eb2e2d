/** What a NATS server says of itself; messages and bytes are counted since its start. */
export interface ServerStatistics {
  readonly connections: number;
  readonly subscriptions: number;
  readonly outMessages: number;
  readonly outBytes: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
  readonly version: string;
}

/** The monitor of a NATS server whose configuration has `http: 127.0.0.1:PORT`. */
export class Monitor {
  private readonly url: string;

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  async look(): Promise<ServerStatistics> {
    const [server, { num_subscriptions: subscriptions }] = await Promise.all([
      this.get<Varz>('varz'),
      this.get<Subsz>('subsz'),
    ]);
    const { connections, out_msgs: outMessages, out_bytes: outBytes, mem: memory, version } = server;
    return { connections, subscriptions, outMessages, outBytes, memory, version };
  }

  private async get<T>(page: string): Promise<T> {
    const response = await fetch(`${this.url}/${page}`);
    if (!response.ok) throw new Error(`${this.url}/${page}: ${response.status}`);
    return (await response.json()) as T;
  }
}

interface Varz {
  readonly connections: number;
  readonly out_msgs: number;
  readonly out_bytes: number;
  readonly mem: number;
  readonly version: string;
}

interface Subsz {
  readonly num_subscriptions: number;
}
