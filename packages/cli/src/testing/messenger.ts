import type { Running, Scene } from './scene.js';

/** Starts a messenger, `inbox --follow --json`, and waits until it hears what is for everybody and for its computer. */
export async function messengerThere({ start, run }: Scene, ...options: string[]): Promise<Running> {
  const running = start('inbox', '--follow', '--json', ...options);
  for (let names: string[] = []; !names.every((line) => line.includes('yours')) || names.length === 0; ) {
    const { stdout } = await run('names', '--json');
    names = stdout.split('\n').filter((line) => /"(computer|everybody)"/.test(line));
  }
  return running;
}
