import { fromArray, Generator, type Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradientsByHand } from './by-hand.ts';
import { gradientsByTape } from './by-tape.ts';
import { heInit, type Network, oneHot } from './network.ts';

function normal(generator: Generator, shape: readonly [number, number]): Tensor {
  return fromArray(generator.normal(new Float64Array(shape[0] * shape[1])), shape);
}

const size = fc.integer({ min: 1, max: 6 });

test('by hand and through the tape, the gradients are the same to rounding', () => {
  fc.assert(
    fc.property(size, size, size, size, fc.integer({ min: 2, max: 4 }), fc.integer(), (m, d0, d1, d2, K, seed) => {
      const generator = new Generator(seed);
      const network: Network = {
        W1: heInit(generator, d0, d1),
        b1: normal(generator, [d1, 1]),
        W2: heInit(generator, d1, d2),
        b2: normal(generator, [d2, 1]),
        W3: heInit(generator, d2, K),
        b3: normal(generator, [K, 1]),
      };
      const x = normal(generator, [d0, m]);
      const t = oneHot(fromArray(generator.integers(new Int32Array(m), 0, K), [m]), K).t();
      const [loss, byHand] = gradientsByHand(network, x, t);
      const [sameLoss] = gradientsByTape(network, x, t);
      expect(sameLoss.item()).toBe(loss.item());
      const [, byTape] = gradientsByTape(network, x, t, 0);
      for (const name of Object.keys(network) as (keyof Network)[]) {
        expect(byTape[name].shape).toEqual(network[name].shape);
        const difference = byHand[name].sub(byTape[name]).abs().amax().item();
        expect(difference).toBeLessThanOrEqual(1e-13 * (1 + byHand[name].abs().amax().item()));
      }
    }),
  );
});
