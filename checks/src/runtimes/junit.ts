export interface TestOutcome {
  readonly name: string;
  /** The first line of what it failed with; undefined if it passed or was skipped. */
  readonly error: string | undefined;
  readonly skipped: boolean;
}

const ERROR_UNITS_MAX = 200;

/** The tests of a report in the JUnit XML of Node, Bun or Deno. */
export function outcomesIn(report: string): TestOutcome[] {
  const cases = report.matchAll(
    /<testcase name="([^"]*)"(?:\s[\w-]+="[^"]*")*\s*(?:\/>|>(.*?)<\/testcase>)/gs,
  );
  return Array.from(cases, ([, name = '', body = '']) => ({
    name: textOf(name),
    error: errorIn(body),
    skipped: body.includes('<skipped'),
  }));
}

/** Many messages go on with a difference or a stack, over many lines, which Node 20 joins: the start says enough. */
function errorIn(body: string): string | undefined {
  const [, message] = /<failure(?:\s[\w-]+="[^"]*")*?\smessage="([^"]*)"/.exec(body) ?? [];
  if (message !== undefined)
    return textOf(message).trimStart().split('\n')[0]!.trimEnd().slice(0, ERROR_UNITS_MAX);
  return /<(failure|error)\b/.test(body) ? 'no message' : undefined;
}

function textOf(xml: string): string {
  // Node 20 escapes the ampersands of what it has escaped before: they come first.
  return xml
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
