/** What happens, for all who follow it. */
export class News<Event extends object> {
  private readonly listeners = new Set<(event: Event) => void>();

  tell(event: Event): void {
    for (const listener of this.listeners) listener(event);
  }

  /** First that, then what happens from now on, until the signal aborts. */
  async *follow(first: object, signal: AbortSignal): AsyncGenerator<object> {
    const events = [first];
    let wake = (): void => {};
    const listener = (event: Event): void => {
      // Who does not read for so long has to begin anew.
      if (events.length < MAX_EVENTS) events.push(event);
      wake();
    };
    this.listeners.add(listener);
    signal.addEventListener('abort', () => wake(), { once: true });
    try {
      while (!signal.aborted) {
        const event = events.shift();
        if (event) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.listeners.delete(listener);
    }
  }
}

const MAX_EVENTS = 10_000;
