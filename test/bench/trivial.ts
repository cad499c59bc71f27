import { atLeast, atMost, type Figure, type FigureList } from './figure.ts';

const figure: Omit<Figure, 'id'> = { title: 'a trivial figure', unit: '', measure: two };

function two() {
  return { value: 2, quartiles: [1, 3] as const };
}

/** Figures of every kind of outcome, measured in no time: what the tests of the report run. */
export const figureFiles: FigureList['figureFiles'] = [
  async () => ({
    figures: [
      { ...figure, id: 'trivial.holds', bar: atLeast(2) },
      { ...figure, id: 'trivial.misses', bar: atMost(1.5) },
      { ...figure, id: 'trivial.free' },
    ],
  }),
  async () => ({
    figures: [
      {
        ...figure,
        id: 'broken.throws',
        bar: atLeast(1),
        measure: () => {
          throw new Error('no server');
        },
      },
      { ...figure, id: 'broken.ends', bar: atLeast(1), measure: () => process.exit(3) },
      {
        ...figure,
        id: 'broken.chats',
        bar: atLeast(1),
        measure: () => {
          console.log('this is no result');
          return { value: 1 };
        },
      },
    ],
  }),
];
