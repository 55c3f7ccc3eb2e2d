import { MailslotError } from '../errors.js';
import { MAX_SPELLINGS } from '../limits.js';
import { isWithin, SCOPES, type Scope } from '../name/scope.js';
import { isService } from '../name/services.js';
import { upperCase } from '../name/upper-case.js';
import type { Deliver } from './remote.js';

/** A slot that takes messages from other computers. */
export interface Attachment {
  /** It takes no more. */
  detach(): void;
}

/** Where messages for one path go; several for one of mailslot's own services, and for what is for all people of the computer. */
export interface Route {
  readonly path: string;
  readonly ends: readonly RouteEnd[];
  /** Whether one of the ends is. */
  readonly isForAnyone: boolean;
  /** The widest of its ends' scopes. */
  readonly scope: Scope;
}

export interface RouteEnd {
  /** Whether it also takes messages of which no transport knows that they are of members of the domain. */
  readonly isForAnyone: boolean;
  /** From how far away it takes messages. */
  readonly scope: Scope;
  readonly deliver: Deliver;
}

/** Which slots of this computer take messages from others. */
export class Routes {
  private readonly byKey = new Map<string, Route>();
  /** As senders spell them; emptied when it is full or no longer true. */
  private readonly bySpelling = new Map<string, Route>();
  /** The last path that led nowhere: who only sends to others asks for the same one again and again. */
  private missed: string | undefined;
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** @throws MailslotError `ERR_MAILSLOT_ALREADY_EXISTS` */
  attach(path: string, end: RouteEnd): Attachment {
    if (this.byKey.has(upperCase(path)) && !isService(path)) {
      throw new MailslotError(
        'ERR_MAILSLOT_ALREADY_EXISTS',
        `messages from other computers for ${path} already go to a slot of that name`,
        { remedy: 'close that one first' },
      );
    }
    return this.add(path, end);
  }

  /** As {@link attach}, beside those that have the path. */
  join(path: string, end: RouteEnd): Attachment {
    return this.add(path, end);
  }

  find(path: string): Route | undefined {
    const known = this.bySpelling.get(path);
    if (known !== undefined || path === this.missed) return known;
    const route = this.byKey.get(upperCase(path));
    if (route === undefined) {
      this.missed = path;
      return undefined;
    }
    if (this.bySpelling.size >= MAX_SPELLINGS) this.bySpelling.clear();
    this.bySpelling.set(path, route);
    return route;
  }

  /** The paths, as they were spelled here, of all that take messages from as far away as that. */
  paths(reach: Scope): Set<string> {
    const routes = Array.from(this.byKey.values()).filter(({ scope }) => isWithin(reach, scope));
    return new Set(routes.map(({ path }) => path));
  }

  private add(path: string, end: RouteEnd): Attachment {
    const key = upperCase(path);
    this.set(key, path, [...(this.byKey.get(key)?.ends ?? []), end]);
    return { detach: () => this.detach(key, end) };
  }

  private detach(key: string, end: RouteEnd): void {
    const route = this.byKey.get(key);
    if (!route?.ends.includes(end)) return;
    this.set(
      key,
      route.path,
      route.ends.filter((other) => other !== end),
    );
  }

  private set(key: string, path: string, ends: readonly RouteEnd[]): void {
    const isForAnyone = ends.some((end) => end.isForAnyone);
    const scope = SCOPES.findLast((each) => ends.some((end) => end.scope === each));
    if (scope) this.byKey.set(key, { path, ends, isForAnyone, scope });
    else this.byKey.delete(key);
    this.bySpelling.clear();
    this.missed = undefined;
    this.onChange();
  }
}
