import { Generator, manualSeed } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rings } from './rings.ts';

test('without noise every point lies on the ring of its class, and half of them on the inner one', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.integer(), (n, seed) => {
      const [points, classes] = rings(n, { inner: 0.5, outer: 3, noise: 0, generator: new Generator(seed) });
      expect([points.shape, points.dtype, classes.shape, classes.dtype]).toEqual([[n, 2], 'float32', [n], 'int32']);
      const radii = points.to('float64').square().sum(1).sqrt().toTypedArray();
      classes.toTypedArray().forEach((label, i) => {
        expect(radii[i]).toBeCloseTo(label === 0 ? 0.5 : 3, 5);
      });
      expect(classes.sum().item()).toBe(Math.ceil(n / 2));
    }),
  );
});

test('the radius varies by the noise, the angle evenly, and the classes are mixed', () => {
  const [points, classes] = rings(20_000, { noise: 0.1, generator: new Generator(5) });
  const radii = points.square().sum(1).sqrt();
  const ofOuter = radii.sub(2).mul(classes);
  expect(ofOuter.square().sum().div(10_000).sqrt().item()).toBeCloseTo(0.1, 2);
  expect(points.mean(0).abs().amax().item()).toBeLessThan(0.04);
  expect(classes.narrow(0, 0, 10_000).to('float32').mean().item()).toBeCloseTo(0.5, 1);
});

test('the same seed gives the same points, and manualSeed is the default', () => {
  manualSeed(8);
  const [points, classes] = rings(30);
  const [again, classesAgain] = rings(30, { generator: new Generator(8) });
  const [others] = rings(30, { generator: new Generator(9) });
  expect(again.toArray()).toEqual(points.toArray());
  expect(classesAgain.toArray()).toEqual(classes.toArray());
  expect(others.toArray()).not.toEqual(points.toArray());
});

test('rings that there cannot be are told', () => {
  expect(() => rings(-1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rings: there are no such rings
      got:   -1 points, inner 1, outer 2, noise 0.08
      needs: a whole number of points from 0; finite radii and noise, 0 or more
      fix:   n counts the points of both rings together]
  `);
  expect(() => rings(2.5)).toThrow('rings');
  expect(() => rings(10, { noise: -0.1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rings: there are no such rings
      got:   10 points, inner 1, outer 2, noise -0.1
      needs: a whole number of points from 0; finite radii and noise, 0 or more
      fix:   n counts the points of both rings together]
  `);
  expect(() => rings(10, { outer: Number.POSITIVE_INFINITY })).toThrow('rings');
});
