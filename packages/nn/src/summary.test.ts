import { relu, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { Buffer } from './buffer.ts';
import { Linear } from './layers/linear.ts';
import { Sequential } from './layers/sequential.ts';
import { Module } from './module.ts';
import { summary } from './summary.ts';

class Counting extends Module {
  fc = new Linear(4, 3);
  head = new Sequential(new Linear(2000, 4), this.fc, new Linear(3, 2));
  calls = new Buffer(zeros([]));
  unused = new Linear(1, 1);

  forward(x: Tensor): Tensor {
    if (this.training) this.calls.assign(this.calls.value.add(1));
    return this.head[2].forward(relu(this.fc.forward(x)));
  }
}

describe('summary', () => {
  it('lists modules, shapes and counts, what is shared once', () => {
    expect(`\n${summary(new Counting(), [7, 4])}`).toMatchInlineSnapshot(`
      "
      layer             output shape  parameters
      ------------------------------------------
      Counting          [7, 2]
      fc: Linear        [7, 3]                15
      head: Sequential
      head.0: Linear                       8,004
      head.2: Linear    [7, 2]                 8
      unused: Linear                           2
      ------------------------------------------
      total                                8,029"
    `);
    expect(`\n${summary(new Counting())}`).toMatchInlineSnapshot(`
      "
      layer             parameters
      ----------------------------
      Counting
      fc: Linear                15
      head: Sequential
      head.0: Linear         8,004
      head.2: Linear             8
      unused: Linear             2
      ----------------------------
      total                  8,029"
    `);
  });

  it('counts a parameter that two modules share once', () => {
    const [first, second] = [new Linear(4, 4, { bias: false }), new Linear(4, 4, { bias: false })];
    Object.assign(second, { weight: first.weight });
    expect(summary(new Sequential(first, second))).toMatch(/0: Linear +16\n1: Linear\n.*\ntotal +16$/);
  });

  it('takes a tensor as well, and zeros of the dtype of the model', () => {
    const model = new Sequential(new Linear(4, 2, { dtype: 'float64' }));
    expect(summary(model, [5, 4])).toContain('[5, 2]');
    expect(summary(model, zeros([5, 4], { dtype: 'float64' }))).toBe(summary(model, [5, 4]));
  });

  it('leaves the model as it was, also if it fails', () => {
    const model = new Counting();
    model.head.eval();
    const own = (x: Tensor): Tensor => x.mul(2);
    Object.assign(model.unused, { forward: own });
    const modes = model.modules().map((module) => module.training);
    const check = (): void => {
      expect(model.modules().map((module) => module.training)).toEqual(modes);
      expect(model.modules().filter((module) => Object.hasOwn(module, 'forward'))).toEqual([model.unused]);
      expect(model.unused.forward).toBe(own);
      expect(model.calls.value.item()).toBe(0);
    };
    summary(model, [7, 4]);
    check();
    expect(() => summary(model, [7, 5])).toThrow(/linear/);
    check();
    expect(model.parameters().every((parameter) => parameter.grad === null)).toBe(true);
  });

  it('shows the shapes of several outputs', () => {
    class Two extends Module {
      forward(x: Tensor): Tensor[] {
        return [x, x.sum()];
      }
    }
    expect(summary(new Two(), tensor([1, 2]))).toContain('[2], []');
  });
});
