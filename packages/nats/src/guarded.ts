import {
  NatsConnectionImpl,
  type NodeConnectionOptions,
  ProtocolHandler,
  type Server,
  type ServerInfo,
  setTransportFactory,
  type Transport,
} from '@nats-io/transport-node';
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport.js';
import { NATS_LINE } from './limits.js';
import { Sieve, type SieveParts } from './sieve.js';
import { ProtocolBreach, TlsTrouble } from './trouble.js';

/** Connects as the client library's own `connect`, with a {@link Sieve} in front of its parser, also after a loss. */
export async function connectGuarded(
  options: NodeConnectionOptions,
  parts: SieveParts,
): Promise<NatsConnectionImpl> {
  makeTransports(() => new NodeTransport());
  // Its constructor is private to its own `connect`, which makes a handler of its own.
  const connection: NatsConnectionImpl = Reflect.construct(NatsConnectionImpl, [options]);
  connection.protocol = new GuardedHandler(connection, () => new GuardedTransport(new Sieve(parts)));
  await connection.protocol.dialLoop();
  return connection;
}

/** The library knows one maker of transports in the whole process; others who use it there get their own back. */
function makeTransports(factory: () => Transport): void {
  setTransportFactory({ factory, dnsResolveFn: nodeResolveHost });
}

class GuardedHandler extends ProtocolHandler {
  private readonly make: () => Transport;

  constructor(connection: NatsConnectionImpl, make: () => Transport) {
    super(connection.options, connection);
    this.make = make;
  }

  /** Makes its transport in its first step, before anybody else's turn. */
  override dial(server: Server): Promise<void> {
    makeTransports(this.make);
    const dialled = super.dial(server);
    makeTransports(() => new NodeTransport());
    return dialled;
  }
}

class GuardedTransport extends NodeTransport {
  private readonly sieve: Sieve;

  constructor(sieve: Sieve) {
    super();
    this.sieve = sieve;
  }

  /** The library's own keeps what a server sends without end, and looks through all of it again and again. */
  override peekInfo(): Promise<ServerInfo> {
    const { socket } = this;
    return new Promise((resolve, reject) => {
      let begun = Buffer.alloc(0);
      let problem: Error | undefined;
      socket.on('data', (chunk: Buffer) => {
        begun = Buffer.concat([begun, chunk]);
        if (!begun.includes('\n') && begun.length <= NATS_LINE) return;
        socket.removeAllListeners();
        try {
          resolve(this.introduced(begun));
        } catch (error) {
          reject(error);
        }
      });
      socket.on('error', (error) => {
        problem = error;
      });
      socket.on('close', () => {
        socket.removeAllListeners();
        reject(problem);
      });
    });
  }

  override async startTLS(): ReturnType<NodeTransport['startTLS']> {
    try {
      return await super.startTLS();
    } catch (cause) {
      throw new TlsTrouble(cause);
    }
  }

  override setupHandlers(): void {
    super.setupHandlers();
    const { socket } = this;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      try {
        this.yields.push(...this.sieve.pass(chunk));
        this.signal.resolve();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
  }

  /** Who stops to read lets what comes pile up: the connection is of no use any more. */
  override async *iterate(): AsyncIterableIterator<Uint8Array> {
    try {
      yield* super.iterate();
    } finally {
      if (!this.done) this.socket.destroy(new ProtocolBreach('what the client library does not understand'));
    }
  }

  /** The library's own leaves a socket open that was still to be introduced. */
  override async close(error?: Error): Promise<void> {
    if (this.connected) await super.close(error);
    else this.discard();
  }

  private introduced(bytes: Buffer): ServerInfo {
    const end = bytes.indexOf('\n') + 1;
    const [line, ...more] = this.sieve.pass(end === 0 ? bytes : bytes.subarray(0, end));
    const text = line?.toString() ?? '';
    if (!text.startsWith('INFO ') || more.length > 0)
      throw new ProtocolBreach('something else before its introduction');
    const info = JSON.parse(text.slice('INFO '.length)) as ServerInfo;
    const rest = bytes.subarray(end);
    const { tls } = this.options;
    const isTls = info.tls_required === true || (info.tls_available === true && tls !== null);
    if (tls && !isTls) throw new TlsTrouble(new Error('it offers none'));
    // Anybody on the way can have put it there.
    if (isTls && rest.length > 0) throw new ProtocolBreach('more than its introduction in clear');
    this.yields.push(line as Buffer, ...this.sieve.pass(rest));
    return info;
  }
}
