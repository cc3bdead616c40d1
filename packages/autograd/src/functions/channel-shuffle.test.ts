import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelShuffle } from './channel-shuffle.ts';
import { ones } from './creation.ts';
import { byEntry, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

test('gives each new group some of every old one', () => {
  const drawn = fc
    .record({
      groups: fc.integer({ min: 1, max: 3 }),
      each: fc.integer({ min: 1, max: 3 }),
      space: fc.constantFrom([2], [2, 3]),
    })
    .chain(({ groups, each, space }) =>
      fc.record({ groups: fc.constant(groups), each: fc.constant(each), x: drawTensor([2, groups * each, ...space]) }),
    );
  fc.assert(
    fc.property(drawn, ({ groups, each, x }) => {
      expectSame(
        channelShuffle(x, groups),
        byEntry(x.shape, (place) =>
          entryAt(x, place.with(1, (place[1] % groups) * each + Math.floor(place[1] / groups))),
        ),
      );
      expectSame(channelShuffle(channelShuffle(x, groups), each), x);
      expectLinear((y) => channelShuffle(y, groups), x);
    }),
  );
});

test('says what does not fit', () => {
  expect(() => channelShuffle(ones([1, 4, 2]), 3)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: channelShuffle: the groups do not fit
      got:   3 groups for shape [1, 4, 2]
      needs: [batch, channels, …] with a number of groups that divides the channels
      fix:   check the number of groups, or the layer before]
  `);
  expect(() => channelShuffle(ones([4, 2]), 2)).toThrow('[batch, channels, …]');
});
