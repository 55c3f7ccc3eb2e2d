import type { ConfigOptions } from '../config/config.js';
import type { NatsFactory } from '../config/nats-settings.js';
import type { RedirectorStatus } from './status.js';

/** How a redirector is started. */
export interface StartOptions {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
  /** What beats the environment and the configuration file. */
  readonly config?: ConfigOptions | undefined;
  /**
   * What makes the transport over NATS: `natsTransport` of the package `@mailslot/nats`. Without it domains that are
   * configured for NATS go without, and a warning says so.
   */
  readonly nats?: NatsFactory | undefined;
}

/** A redirector that runs in this process. */
export interface RedirectorHandle extends AsyncDisposable {
  readonly root: string;
  readonly computer: string;
  /** The first is the primary one. */
  readonly domains: readonly string[];
  /** How it stands now. */
  status(): RedirectorStatus;
  /** Resolves when it has ended, whoever ended it; rejects with the reason when it could not go on. */
  readonly ended: Promise<void>;
  /** Says goodbye to the other computers and ends. May be called again. */
  close(): Promise<void>;
}
