import { readFileSync } from 'node:fs';
import {
  atLeast,
  exactly,
  type Figure,
  type FigureList,
  type Measurement,
} from '../bench/figure.ts';
import { type Configuration, large, removals, small } from './configurations.ts';
import { search } from './spin.ts';

/** How many violations a search found, none or the first. */
async function violations(defines: readonly string[], expected: boolean): Promise<Measurement> {
  const { states, violation } = await search(defines, !expected);
  const searched = `${states.toLocaleString('en-US')} states`;
  if (violation === undefined) return { value: 0, note: searched };
  const note = `${searched}, assert(${violation.assertion}) after ${violation.steps} steps`;
  return { value: 1, note };
}

function holds(size: string, { name, title, defines }: Configuration): Figure {
  const id = `model.${size}.${name}`;
  const measure = () => violations(defines, false);
  return { id, title, unit: ' violations', bar: exactly(0), measure };
}

function isFound({ name, title, defines }: Configuration): Figure {
  const id = `model.removed.${name}`;
  const measure = () => violations(defines, true);
  return { id, title, unit: ' violations', bar: atLeast(1), measure };
}

/** A switch that is in the model and in no removal would be a rule that nobody removes. */
const switches: Figure = {
  id: 'model.removed.switches',
  title: 'switches of fleet.pml that no removal sets',
  unit: '',
  bar: exactly(0),
  measure() {
    const text = readFileSync(new URL('./fleet.pml', import.meta.url), 'utf8');
    const known = new Set(removals.map(({ without }) => without));
    const unknown = new Set(text.match(/\bOFF_\w+/g)?.filter((name) => !known.has(name)));
    return { value: unknown.size, note: [...unknown].join(' ') };
  },
};

export const figures: readonly Figure[] = [
  ...small.map((configuration) => holds('small', configuration)),
  switches,
  ...removals.map(isFound),
  ...large.map((configuration) => holds('large', configuration)),
];

export const figureFiles: FigureList['figureFiles'] = [() => Promise.resolve({ figures })];
