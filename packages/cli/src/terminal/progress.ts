import { canDraw } from './can-draw.js';
import { tell } from './output.js';

/**
 * Shows on standard error what goes on, each second from the first on, in place; only on a terminal, and not where
 * somebody is typing.
 *
 * @returns takes it off the screen
 */
export function showProgress(status: () => string, isTyping: () => boolean): () => void {
  let shown = false;
  const timer = setInterval(() => {
    // Looked at this late because standard error takes time to set up, and most writes need less than a second.
    if (!canDraw(process.stderr) || isTyping()) return;
    shown = true;
    tell(`\r${status()}\x1b[K`);
  }, 1000).unref();
  return () => {
    clearInterval(timer);
    if (shown) tell('\r\x1b[K');
  };
}
