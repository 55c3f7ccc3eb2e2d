import { isNode, isTest, type Node, nodesOf, place, type Source } from './source.js';

const ports = 'packages/mailslot/src/ports/';

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const members = ['Date.now', 'performance.now', 'process.hrtime', 'Math.random', 'AbortSignal.timeout'];
const randomOfCrypto = /^(random|getRandomValues)/;

/** Time and chance are inputs: outside the ports nobody reads a clock, sets a timer or draws a random number. */
export function clocksAndDice(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => source.path.startsWith('packages/mailslot/src/'))
    .filter((source) => !source.path.startsWith(ports) && !isTest(source))
    .flatMap((source) =>
      Array.from(nodesOf(source.tree)).flatMap(({ node, parent }) => {
        const used = clockOrDie(node, parent);
        return used === undefined ? [] : [`${place(source, node)}: ${used} outside ports/`];
      }),
    );
}

function clockOrDie(node: Node, parent: Node | undefined): string | undefined {
  switch (node.type) {
    case 'Identifier':
      return timers.includes(nameOf(node)) && !isMemberName(node, parent) ? nameOf(node) : undefined;
    case 'NewExpression': {
      const isNow = nameOf(node['callee']) === 'Date' && (node['arguments'] as unknown[]).length === 0;
      return isNow ? 'new Date()' : undefined;
    }
    case 'MemberExpression': {
      const member = nameOf(node['property']);
      if (nameOf(node['object']) === 'globalThis' && timers.includes(member)) return member;
      if (nameOf(node['object']) === 'crypto' && randomOfCrypto.test(member)) return `crypto.${member}`;
      return members.find((name) => name === `${nameOf(node['object'])}.${member}`);
    }
    case 'ImportSpecifier':
      return isFromCrypto(parent) && randomOfCrypto.test(nameOf(node['imported']))
        ? 'a random source'
        : undefined;
    case 'ImportDeclaration':
      return /^(node:)?timers/.test(String((node['source'] as Node)['value'])) ? 'node:timers' : undefined;
    default:
      return undefined;
  }
}

/** `clock.setTimeout` and `{ setTimeout(): void }` are names that a port gives; only a bare `setTimeout` is Node's. */
function isMemberName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || parent['computed'] === true || parent['shorthand'] === true) return false;
  return parent['property'] === node || parent['key'] === node;
}

function isFromCrypto(declaration: Node | undefined): boolean {
  const from = declaration?.['source'];
  return isNode(from) && /^(node:)?crypto$/.test(String(from['value']));
}

function nameOf(value: unknown): string {
  return isNode(value) && typeof value['name'] === 'string' ? value['name'] : '';
}
