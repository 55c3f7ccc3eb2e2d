import { existsSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { writeFiles } from '../support/folder.js';
import { inRepo } from '../support/repo.js';
import { complaintsOf } from '../support/tsc.js';
import { anchors, codeSpans, links, type Page } from './markdown.js';

/** Examples that do not compile against the public API, in the compiler's words; its line numbers are the page's. */
export function brokenExamples(pages: readonly Page[]): string[] {
  // Inside checks/, so that `mailslot` is found as any user's program finds it.
  const folder = inRepo('checks/dist/docs/examples');
  rmSync(folder, { recursive: true, force: true });
  const examples = pages.flatMap(({ path, fences }) =>
    fences
      .filter(({ language }) => language === 'ts')
      .map(({ text, line }) => [`${path}.${line}.ts`, `${'\n'.repeat(line - 1)}${text}\nexport {};\n`]),
  );
  if (examples.length === 0) return [];
  writeFiles(folder, {
    ...Object.fromEntries(examples),
    'tsconfig.json': {
      extends: inRepo('tsconfig.base.json'),
      // An example may show a thing without using it.
      compilerOptions: { composite: false, noUnusedLocals: false, isolatedDeclarations: false },
      include: ['**/*.ts'],
    },
  });
  return complaintsOf(`${folder}/tsconfig.json`);
}

/** Links to files that are not there, or to headings that the page does not have. */
export function brokenLinks(pages: readonly Page[]): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    links(page)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
        const linked = byPath.get(path);
        if (linked === undefined) return !existsSync(inRepo(path));
        return anchor !== undefined && !anchors(linked).includes(anchor);
      })
      .map((target) => `${page.path}: ${target}`),
  );
}

/** Commands of the CLI that the pages name and that it does not have. */
export function unknownCommands(pages: readonly Page[], commands: readonly string[]): string[] {
  return pages.flatMap((page) =>
    commandsIn(page)
      .filter((command) => !commands.includes(command))
      .map((command) => `${page.path}: mailslot ${command}`),
  );
}

/** Command lines whose quotes cmd.exe hands on, so that they mean nobody there, or another file. */
export function quotesOfSomeShells(pages: readonly Page[]): string[] {
  return pages.flatMap(({ path, prose, fences }) => {
    const commands = fences.filter(({ language }) => language !== 'ts').map(({ text }) => text);
    return Array.from([prose, ...commands].join('\n').matchAll(FOR_SOME_SHELLS), ([all]) => all)
      .filter((all) => all.startsWith('mailslot') || !path.startsWith('docs/reference/'))
      .map((all) => `${path}: ${all}`);
  });
}

const FOR_SOME_SHELLS = /mailslot [^\n`]*?('\*'|'\/\/\*|'[^'\n]*-> )|`'(\*|\/\/\*[^`]*)'`/g;

/** `mailslot write …` in a code span or in the lines of a shell; not the word in a sentence or in a path. */
export function commandsIn(page: Page): string[] {
  const shells = page.fences.filter(({ language }) => ['sh', 'bash', 'console'].includes(language));
  const lines = shells.flatMap(({ text }) => text.replace(/(^|\s)#.*$/gm, '').split('\n'));
  return [...codeSpans(page), ...lines].flatMap((code) =>
    Array.from(code.matchAll(/(?<![\w/\\.@-])mailslot ([a-z]+)/g), ([, command]) => command!),
  );
}
