import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inRepo } from '../support/repo.js';

/** A page of documentation, as far as the checks look into it. */
export interface Page {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly fences: readonly Fence[];
  /** The text with its fences blanked, so that lines keep their numbers. */
  readonly prose: string;
}

interface Fence {
  readonly language: string;
  readonly text: string;
  /** Number of its first line in the page, from 1. */
  readonly line: number;
}

/** Every page: at the root, in docs/, and in the front of a package. */
export function readPages(): Page[] {
  const packages = readdirSync(inRepo('packages')).map((name) => `packages/${name}`);
  const paths = [...pagesIn('.'), ...packages.flatMap((folder) => pagesIn(folder)), ...pagesBelow('docs')];
  return paths.map((path) => parsePage(path, readFileSync(inRepo(path), 'utf8')));
}

export function parsePage(path: string, text: string): Page {
  const fences: Fence[] = [];
  const prose = text.replace(
    /^( *)```(\w*).*\n([\s\S]*?)^ *```$/gm,
    (all, _indent, language, body, offset) => {
      fences.push({ language, text: body, line: linesBefore(text, offset) + 2 });
      return all.replace(/[^\n]/g, '');
    },
  );
  return { path, fences, prose };
}

/** The contents of all `code spans`. */
export function codeSpans({ prose }: Page): string[] {
  return Array.from(prose.matchAll(/`([^`]+)`/g), ([, code]) => code!);
}

/** The targets of all links. */
export function links({ prose }: Page): string[] {
  const withoutCode = prose.replace(/`[^`]+`/g, '');
  const inline = withoutCode.matchAll(/\]\(([^)\s]+)[^)]*\)/g);
  const definitions = withoutCode.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm);
  return Array.from([...inline, ...definitions], ([, target]) => target!);
}

/** The anchors that headings get, as the usual renderers make them. */
export function anchors({ prose }: Page): string[] {
  return Array.from(prose.matchAll(/^#+ (.*)$/gm), ([, heading]) => {
    return heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
  });
}

function pagesIn(folder: string): string[] {
  const names = readdirSync(inRepo(folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => (folder === '.' ? name : `${folder}/${name}`));
}

function pagesBelow(folder: string): string[] {
  if (!existsSync(inRepo(folder))) return [];
  const folders = readdirSync(inRepo(folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...pagesIn(folder), ...folders.flatMap(({ name }) => pagesBelow(`${folder}/${name}`))];
}

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}
