import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bilinear } from './bilinear.ts';
import { ones } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

test('bilinear is the sum over both inputs', () => {
  const drawn = fc.tuple(drawShape(0, 2), drawShape(3, 3, { min: 1 })).chain(([lead, [out, in1, in2]]) =>
    fc.record({
      x1: drawTensor([...lead, in1]),
      x2: drawTensor([...lead, in2]),
      weight: drawTensor([out, in1, in2]),
      bias: drawTensor([out]),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ x1, x2, weight, bias }) => {
      const [out, in1, in2] = weight.shape;
      const expected = byEntry([...x1.shape.slice(0, -1), out], (place) => {
        const [lead, o] = [place.slice(0, -1), place[place.length - 1]];
        return placesOf([in1, in2]).reduce(
          (sum, [i, j]) => sum + entryAt(x1, lead.concat(i)) * entryAt(weight, [o, i, j]) * entryAt(x2, lead.concat(j)),
          entryAt(bias, [o]),
        );
      });
      expectSame(bilinear(x1, x2, weight, bias), expected);
      expectLinear((y) => bilinear(y, x2, weight), x1);
      expectLinear((y) => bilinear(x1, y, weight), x2);
      expectLinear((w) => bilinear(x1, x2, w), weight);
    }),
  );
});

test('shapes that do not fit are named', () => {
  expect(() => bilinear(ones([2, 3]), ones([2, 4]), ones([5, 4, 3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bilinear: the shapes do not fit together
      got:   [2, 3], [2, 4], [5, 4, 3]
      needs: […, in1], […, in2], weight [out, in1, in2] and bias [out]
      fix:   check the sizes of the last dims, and that both inputs have the same leading dims]
  `);
});
