import { createServer, type Server, type Socket } from 'node:net';
import { MailslotError } from '../../errors.js';
import { PLACE_CHECK_MS } from '../../limits.js';
import { formatName, type SlotName } from '../../name/slot-name.js';
import type { Alarm } from '../../ports/clock.js';
import type { Ports } from '../../ports/ports.js';
import type { Access, NameSpace, Place } from '../namespace/name-space.js';
import { fromSystem } from '../system-error.js';

interface AddressParts {
  readonly name: SlotName;
  readonly space: NameSpace;
  readonly access: Access;
  /** Takes a client's connection. */
  readonly serve: (socket: Socket) => void;
  /** Is told when its place was removed and the first attempt to take it again failed. */
  readonly onLost: (error: MailslotError) => void;
  readonly ports: Ports;
}

interface Listening {
  readonly server: Server;
  readonly place: Place;
}

/** Where clients come to a slot. Whoever cleans up may remove its place in the root: then it takes the place again. */
export class Address {
  readonly #parts: AddressParts;
  #listening: Listening;
  #alarm: Alarm | undefined;
  #takingAgain: Promise<void> | undefined;
  #isHeld = true;
  #isReleased = false;
  #hasWarned = false;

  private constructor(parts: AddressParts, listening: Listening) {
    this.#parts = parts;
    this.#listening = listening;
    this.#watch();
  }

  /** Rejects as {@link NameSpace.claim}. */
  static async claim(parts: AddressParts): Promise<Address> {
    return new Address(parts, await listen(parts, true));
  }

  /** Lets it keep the process alive, as it does from the start, or not. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#listening.server.ref();
    else this.#listening.server.unref();
  }

  /** Gives the name back, at once. */
  release(): void {
    this.#isReleased = true;
    this.#alarm?.cancel();
    this.#listening.place.release();
  }

  /** After `release`: takes no more clients. Resolves when those that came have gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#listening.server.close(() => resolve());
    });
    await Promise.all([closed, this.#takingAgain]);
  }

  #watch(): void {
    this.#alarm = this.#parts.ports.clock.afterIdle(PLACE_CHECK_MS, () => {
      if (this.#listening.place.check()) this.#watch();
      else this.#takingAgain = this.#takeAgain();
    });
  }

  async #takeAgain(): Promise<void> {
    const { name, space, ports } = this.#parts;
    const lost = `the place of the mailslot ${formatName(name)} in ${space.root} was removed`;
    try {
      const next = await listen(this.#parts, this.#isHeld);
      if (this.#isReleased) return drop(next);
      // Those who are connected go on.
      this.#listening.server.close();
      this.#listening = next;
      this.hold(this.#isHeld);
      this.#hasWarned = false;
      ports.log.warn(`${lost}; it has taken it again`);
    } catch (error) {
      if (this.#isReleased) return;
      if (!this.#hasWarned) this.#tellLost(`${lost}, and it can no longer be found for now`, error);
      this.#hasWarned = true;
    }
    this.#watch();
  }

  #tellLost(what: string, cause: unknown): void {
    const { name, ports, onLost } = this.#parts;
    const reason =
      cause instanceof MailslotError ? cause : fromSystem(cause, `take the place of ${formatName(name)}`);
    const text = `${what}: ${reason.message}`;
    ports.log.warn(text);
    onLost(new MailslotError(reason.code, text, { cause, remedy: reason.remedy }));
  }
}

async function listen(
  { name, space, access, serve, ports }: AddressParts,
  isHeld: boolean,
): Promise<Listening> {
  const server = createServer({ pauseOnConnect: true }, serve);
  if (!isHeld) server.unref();
  const place = await space.claim(name, access, server);
  server.on('error', (error) =>
    ports.log.warn(fromSystem(error, `admit a writer to ${formatName(name)}`).message),
  );
  return { server, place };
}

function drop({ server, place }: Listening): void {
  place.release();
  server.close();
}
