import { UsageError } from '../../terminal/exit.js';

/**
 * Of an option that may be repeated: all that was given.
 *
 * @throws UsageError when there is nothing in one
 */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  // A variable of a shell that is not set.
  if (text === '') throw new UsageError('one of the values is empty');
  return [...before, text];
}
