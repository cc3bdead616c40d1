import { Generator, type Tensor, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { blobs } from './blobs.ts';
import { checkerboard } from './checkerboard.ts';
import { moons } from './moons.ts';
import { sine } from './sine.ts';
import { spirals } from './spirals.ts';
import { xor } from './xor.ts';

/** Points with their classes, in order of class and place. */
function pointsOf([points, classes]: readonly [Tensor, Tensor]): [number, ...number[]][] {
  const rows = points.toArray() as number[][];
  const labels = classes.toTypedArray();
  const labelled = rows.map((row, i): [number, ...number[]] => [labels[i], ...row]);
  return labelled.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
}

test("moons are scikit-learn's", () => {
  // sklearn.datasets.make_moons(7, shuffle=False): (cos t, sin t) for t = 0, π/2, π, and (1 - cos t, 0.5 - sin t) for thirds of π.
  const half = Math.sqrt(3) / 2;
  const expected = [
    [0, -1, 0],
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0.5],
    [1, 0.5, 0.5 - half],
    [1, 1.5, 0.5 - half],
    [1, 2, 0.5],
  ];
  pointsOf(moons(7, { noise: 0 })).forEach((point, i) => {
    point.forEach((value, d) => {
      expect(value).toBeCloseTo(expected[i][d], 6);
    });
  });
});

test('arms of spirals are turned against each other, and end at radius 1 after their turns', () => {
  const [points, classes] = spirals(300, { arms: 3, turns: 2, noise: 0, generator: new Generator(1) });
  const [x, y] = [points.select(1, 0).toTypedArray(), points.select(1, 1).toTypedArray()];
  classes.toTypedArray().forEach((arm, i) => {
    const radius = Math.hypot(x[i], y[i]);
    const angle = 2 * Math.PI * (2 * radius + arm / 3);
    expect(x[i]).toBeCloseTo(radius * Math.cos(angle), 5);
    expect(y[i]).toBeCloseTo(radius * Math.sin(angle), 5);
  });
  expect(points.square().sum(1).amax().item()).toBeCloseTo(1, 5);
});

test('blobs lie around their centers, as wide as asked for', () => {
  const centers = [
    [0, 0, 1],
    [50, 0, 0],
  ];
  const [points, classes] = blobs(4001, { centers, std: [0.5, 2], generator: new Generator(2) });
  expect(classes.eq(0).sum().item()).toBe(2001);
  [0.5, 2].forEach((std, k) => {
    const own = classes.eq(k).to('float32').reshape([4001, 1]);
    const difference = points.sub(tensor(centers[k])).mul(own);
    expect(difference.square().sum().div(own.sum().mul(3)).sqrt().item()).toBeCloseTo(std, 1);
    expect(difference.sum(0).div(own.sum()).abs().amax().item()).toBeLessThan(0.2);
  });
  const [drawn] = blobs(20, { centers: 4, features: 5, centerBox: [100, 101], std: 0.01 });
  expect(drawn.shape).toEqual([20, 5]);
  expect(drawn.amin().item()).toBeGreaterThan(99);
});

test('xor is of class 1 where the corners differ', () => {
  expect(pointsOf(xor(5, { noise: 0 }))).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ]);
});

test('neighbouring squares of a checkerboard are of different classes', () => {
  const [points, classes] = checkerboard(2000, { squares: 3, generator: new Generator(3) });
  for (const [label, x, y] of pointsOf([points, classes])) {
    expect(label).toBe((Math.floor(((x + 1) / 2) * 3) + Math.floor(((y + 1) / 2) * 3)) % 2);
  }
  expect(points.abs().amax().item()).toBeLessThanOrEqual(1);
  expect(classes.to('float32').mean().item()).toBeCloseTo(4 / 9, 1);
});

test('sine is the sine of places in its range', () => {
  const [x, y] = sine(500, { low: 1, high: 7, noise: 0, generator: new Generator(4) });
  expect(y.sub(x.sin()).abs().amax().item()).toBeLessThan(1e-6);
  expect([x.amin().item() >= 1, x.amax().item() < 7, x.amax().item() > 6.8]).toEqual([true, true, true]);
  expect([x.shape, y.shape]).toEqual([
    [500, 1],
    [500, 1],
  ]);
});
