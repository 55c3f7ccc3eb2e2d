/** The names between the braces of a public door, which is nothing but such lists. */
export function exportsOf(source: string): string[] {
  return Array.from(source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)).flatMap(([, list]) =>
    list!
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== ''),
  );
}

/** In a code span, as itself or with what follows it: `read()`, `createMailslot(name)`. */
export function isNamed(name: string, text: string): boolean {
  return new RegExp(`\`${name}\\b[^\`]*\``).test(text);
}
