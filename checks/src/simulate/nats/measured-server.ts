import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../../harness/scene.js';
import { usageOf } from '../../lan/support/usage.js';
import { NatsServer } from '../../nats/support/server.js';
import { Monitor } from './monitor.js';

/** A real NATS server of which everything can be measured. */
export class MeasuredServer {
  readonly nats: NatsServer;
  readonly monitor: Monitor;
  private readonly pidFile: string;

  private constructor(nats: NatsServer, monitor: Monitor, pidFile: string) {
    this.nats = nats;
    this.monitor = monitor;
    this.pidFile = pidFile;
  }

  static async start(at: Scene): Promise<MeasuredServer> {
    const [port] = (await NatsServer.freePorts(1)) as [number];
    const pidFile = join(at.folder(), 'nats.pid');
    const config = `http: 127.0.0.1:${port}\npid_file: ${JSON.stringify(pidFile)}`;
    return new MeasuredServer(await NatsServer.start(at, { config }), new Monitor(port), pidFile);
  }

  /** Milliseconds of CPU that it has used since its start. Linux only. */
  cpuMs(): number {
    return usageOf(Number(readFileSync(this.pidFile, 'utf8'))).cpuMs;
  }
}
