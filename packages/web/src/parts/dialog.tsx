import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { dialog } from '../store.js';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What has the focus afterwards, if it is not what had it before. */
  readonly returnTo?: () => HTMLElement | null;
}

/** The browser's own modal dialog: it keeps the focus, closes by Esc, and gives the focus back. */
export function Dialog({ title, children, returnTo }: Props): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    element.current?.showModal();
    // What is to have it is only just coming onto the page. Before the next key, or that would go to nobody.
    return () => queueMicrotask(() => (returnTo?.() ?? before)?.focus());
  }, []);
  const close = (): void => {
    dialog.value = undefined;
  };
  // Esc cancels at once and closes a moment later, when the next key may have been pressed already.
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onCancel={close} onClose={close}>
      <header>
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="quiet is-icon" onClick={close}>
          <span aria-hidden="true">×</span>
          <span class="unseen">Close</span>
        </button>
      </header>
      {children}
    </dialog>
  );
}
