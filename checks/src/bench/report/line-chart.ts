import type { Chart } from './outcome.js';
import { figure } from './text.js';

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 76;
const RIGHT = 20;
const TOP = 44;
const BOTTOM = 84;
const LINES = 4;

/** Readable on white and on black. */
const INK = '#808080';
const COLOURS = ['#3b8ee0', '#d9822b', '#8a63d2', '#2f9e6e'];

/** Draws a chart as SVG: steps equally far apart, values from 0. */
export function lineChart({ title, x, y, steps, series }: Chart): string {
  const top = roundUp(Math.max(...series.flatMap(({ values }) => values)));
  const across = (step: number): number => LEFT + ((step + 0.5) * (WIDTH - LEFT - RIGHT)) / steps.length;
  const up = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const grid = Array.from({ length: LINES + 1 }, (_, line) => (line * top) / LINES);
  const parts = [
    text(LEFT, 22, `${title}: ${y}`, 'start', 15),
    ...grid.map((value) => line(LEFT, up(value), WIDTH - RIGHT, up(value), value === 0 ? 1 : 0.3)),
    ...grid.map((value) => text(LEFT - 8, up(value) + 4, value === 0 ? '0' : figure(value), 'end')),
    ...steps.map((step, at) =>
      text(across(at), HEIGHT - BOTTOM + 18, step.toLocaleString('en-US'), 'middle'),
    ),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 38, x, 'middle'),
    ...series.flatMap(({ name, values }, at) => {
      const colour = COLOURS[at % COLOURS.length] ?? INK;
      const points = values.map((value, step) => [across(step), up(value)] as const);
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((each) => each.map(short).join(',')).join(' ')}"/>`,
        ...points.map(([cx, cy]) => `<circle cx="${short(cx)}" cy="${short(cy)}" r="3.5" fill="${colour}"/>`),
        ...legend(name, colour, at, series.length),
      ];
    }),
  ];
  const box = `viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  const label = `role="img" aria-label="${escaped(`${title}, ${y}, by ${x}`)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} ${label} font-family="sans-serif">\n${parts.join('\n')}\n</svg>\n`;
}

function legend(name: string, colour: string, at: number, of: number): string[] {
  const left = LEFT + (at * (WIDTH - LEFT - RIGHT)) / of;
  return [
    `<circle cx="${short(left)}" cy="${HEIGHT - 18}" r="4" fill="${colour}"/>`,
    text(left + 9, HEIGHT - 14, name, 'start', 11),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number, opacity: number): string {
  return `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${INK}" stroke-opacity="${opacity}"/>`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="${size}" fill="${INK}">${escaped(words)}</text>`;
}

/** The next of 1, 2, 4, 5, 8, 10 times a power of ten: a quarter of it is a plain number too. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 5, 8, 10].find((each) => value <= each * power) ?? 10;
  return factor * power;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
