// What needs no browser: the types in the comments of the scripts, and the contrast of the colours.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

/** Checks the scripts of the theme by the types in their comments. */
export function types({ check }, here) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  for (const project of ['tsconfig.json', 'tsconfig.worker.json', 'tsconfig.search.json']) {
    const faults = [];
    try { execFileSync(process.execPath, [compiler, '-p', join(here, project)], { stdio: 'pipe' }); } catch (error) { faults.push(...String(error.stdout).trim().split('\n')); }
    check(`the scripts agree with their types (${project})`, faults);
  }
}

const full = (hex) => (hex.length <= 5 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1));
function luminance(hex) {
  const channel = (at) => { const value = parseInt(full(hex).slice(at, at + 2), 16) / 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}
const contrast = (one, other) => { const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b); return (light + 0.05) / (dark + 0.05); };

/** Text over its ground, and borders of controls; both colours of each token. */
export function colours({ check }, repository) {
  const css = readFileSync(join(repository, 'themes/default/static/tokens.css'), 'utf8');
  const tokens = new Map([...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)/g)].map(([, name, light, dark]) => [name, [light, dark]]));
  const states = ['fresh', 'doubtful', 'due', 'broken', 'unknown'];
  const pairs = [
    ...['bg', 'bg-2', 'bg-3', 'accent-soft', 'mark'].map((ground) => ['text', ground, 4.5]),
    ...['bg', 'bg-2', 'bg-3'].map((ground) => ['text-2', ground, 4.5]),
    ...['bg', 'bg-2', 'accent-soft'].map((ground) => ['accent', ground, 4.5]),
    ['on-accent', 'accent', 4.5],
    ...states.flatMap((state) => [[state, `${state}-soft`, 4.5], [state, 'bg', 4.5]]),
    ...[...tokens.keys()].filter((name) => name.startsWith('hl-')).map((name) => [name, 'bg-2', 4.5]),
    ...['bg', 'bg-2'].map((ground) => ['line-2', ground, 3]),
  ];
  const faults = [];
  const lowest = [99, 99];
  for (const [text, ground, least] of pairs) {
    for (const at of [0, 1]) {
      const [one, other] = [tokens.get(text)?.[at], tokens.get(ground)?.[at]];
      if (!one || !other) { faults.push(`there is no --${text} or --${ground}`); continue; }
      const found = contrast(one, other);
      if (least === 4.5) lowest[at] = Math.min(lowest[at], found);
      if (found < least) faults.push(`--${text} on --${ground}, ${at ? 'dark' : 'light'}: ${found.toFixed(2)}, at least ${least}`);
    }
  }
  console.log(`lowest contrast of text: ${lowest[0].toFixed(1)} light, ${lowest[1].toFixed(1)} dark, of ${pairs.length} pairs`);
  check('every colour can be read on its ground', faults);
}
