import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { explain } from '../explain/index.ts';
import {
  expand,
  manualSeed,
  maskedSelect,
  noGrad,
  Parameter,
  rand,
  Slot,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../index.ts';
import { compile } from './compile.ts';

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

describe('arguments', () => {
  test('may be anywhere in arrays and plain objects; their entries are those of the call', () => {
    const f = compile(({ x, more: [y] }: { x: Tensor; more: [Tensor] }, z: Tensor) => x.add(y).mul(z));
    const call = (value: number): unknown => f({ x: tensor([value]), more: [tensor([1])] }, tensor([10])).toArray();
    expect([call(1), call(2), call(3)]).toEqual([[20], [30], [40]]);
    expect(f.statistics).toEqual({ programs: 1, runs: 2, evaluated: 0 });
  });

  test('that are no tensors are constants: other ones make another program', () => {
    const f = compile((x: Tensor, how: unknown) => (typeof how === 'function' ? how(x) : x.mul(Number(how))));
    const doubled = (x: Tensor): Tensor => x.mul(2);
    const halved = (x: Tensor): Tensor => x.div(2);
    const hows: unknown[] = [3, '3', true, -0, 0, 3, doubled, halved, doubled];
    const x = tensor([4]);
    expect(hows.map((how) => f(x, how).item())).toEqual([12, 12, 4, -0, 0, 12, 8, 2, 8]);
    expect(f.statistics).toMatchObject({ programs: 7, runs: 2 });
  });

  test('of every shape and nesting are told apart', () => {
    const forms = fc.letrec((tie) => ({
      form: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(1, '1', ',', undefined, null, true, 'a":1'),
        fc.array(tie('form'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'a,b', '"'), tie('form'), { maxKeys: 2 }),
      ),
    })).form;
    const asText = (x: unknown): string => JSON.stringify(x, (_, part) => (part === undefined ? 'undefined!' : part));
    fc.assert(
      fc.property(forms, forms, (one, other) => {
        const f = compile((form: unknown) => asText(form));
        expect([f(one), f(other), f(one)].map(String)).toEqual([one, other, one].map(asText));
      }),
    );
  });

  test('of dims of size zero and one are shapes like others', () => {
    const f = compile((x: Tensor) => x.add(1).sum(0));
    for (const shape of [
      [0, 2],
      [1, 2],
      [1, 1],
      [2, 0],
      [0, 2],
      [1, 2],
    ]) {
      expect(f(zeros(shape)).toArray()).toEqual(zeros(shape).add(1).sum(0).toArray());
    }
    expect(f.statistics).toMatchObject({ programs: 4, runs: 2 });
  });

  test('that are parameters are places: the function may assign to them', () => {
    const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([10]))];
    const f = compile((p: Parameter) => {
      noGrad(() => p.assign(p.add(1)));
      return p;
    });
    for (const p of [a, a, b, a, b]) expect(f(p)).toBe(p);
    expect([a.value.item(), b.value.item()]).toEqual([4, 12]);
    expect(f.statistics).toMatchObject({ programs: 2, runs: 3 });
  });

  test('of a class of its own are refused', () => {
    const f = compile((x: unknown) => (x instanceof Map ? 1 : 2));
    expect(() => f(new Map())).toThrow(/an argument cannot be told from others\n {2}got: {3}an object of class Map/);
  });
});

describe('results', () => {
  test('are structures of tensors, and what else they hold', () => {
    const f = compile((x: Tensor) => ({ sum: x.sum(), rest: [x.mul(2), 7, 'text', undefined, null, true] as const }));
    for (const value of [1, 2, 3]) {
      const { sum, rest } = f(tensor([value, 1]));
      expect(sum.item()).toBe(value + 1);
      expect([rest[0].toArray(), ...rest.slice(1)]).toEqual([[2 * value, 2], 7, 'text', undefined, null, true]);
    }
    const nothing = compile((x: Tensor) => void x.sum());
    expect([nothing(tensor([1])), nothing(tensor([1]))]).toEqual([undefined, undefined]);
  });

  test('may be arguments, parameters, tensors from outside and views of them', () => {
    const outside = tensor([
      [1, 2],
      [3, 4],
    ]);
    const weight = new Parameter(tensor([5]));
    const f = compile((x: Tensor) => ({
      x,
      weight,
      outside,
      value: weight.value,
      row: outside.t(),
      turned: x.t(),
      wide: expand(tensor(1), [2, 2]),
    }));
    for (const value of [1, 2, 3]) {
      const x = tensor([
        [value, 0],
        [1, 1],
      ]);
      noGrad(() => weight.assign(tensor([value])));
      const got = f(x);
      expect([got.x === x, got.weight === weight, got.outside === outside]).toEqual([true, true, true]);
      expect(got.value.toArray()).toEqual([value]);
      expect(got.row.toArray()).toEqual([
        [1, 3],
        [2, 4],
      ]);
      expect(got.turned.toArray()).toEqual([
        [value, 1],
        [0, 1],
      ]);
      expect(got.wide.toArray()).toEqual([
        [1, 1],
        [1, 1],
      ]);
    }
    expect(f.statistics).toMatchObject({ programs: 1, runs: 2 });
  });

  test('stay as they are when the program runs again', () => {
    const f = compile((x: Tensor) => x.mul(2));
    f(tensor([1]));
    const kept = f(tensor([2]));
    f(tensor([3]));
    expect(kept.toArray()).toEqual([4]);
  });

  test('that no program can give anew are refused', async () => {
    expect(() => compile(() => new Map([[1, tensor(1)]]))()).toThrow('an object of class Map as result');
    expect(() => compile(() => ({ f: () => tensor(1) }))()).toThrow('a function as result.f');
    const later = compile(async (x: Tensor) => {
      await undefined;
      return x;
    });
    expect(() => later(tensor(1))).toThrow('compile: the function is asynchronous');
    const failing = compile(async () => {
      throw new Error('nobody waits for this one');
    });
    expect(() => failing()).toThrow('compile: the function is asynchronous');
    await undefined;
  });
});

describe('the world outside', () => {
  test('parameters and states are seen, and left, as without compile', () => {
    const weight = new Parameter(tensor([1, 1]));
    const state = new Slot<Tensor>(tensor([0, 0]));
    const step = compile((x: Tensor) => {
      const loss = weight.mul(x).square().sum();
      weight.grad = null;
      loss.backward();
      state.set(
        state
          .get()
          .mul(0.5)
          .add(weight.grad as unknown as Tensor),
      );
      noGrad(() => weight.assign(weight.sub(state.get().mul(0.25))));
      return loss;
    });
    expect([step(tensor([1, 0])).item(), step(tensor([0, 1])).item()]).toEqual([1, 1]);
    expect([weight.value.toArray(), weight.grad?.toArray()]).toEqual([
      [0.25, 0.5],
      [0, 2],
    ]);
    weight.assign(tensor([2, 2]));
    state.set(tensor([0, 0]));
    expect(step(tensor([1, 0])).item()).toBe(4);
    expect([weight.value.toArray(), state.get().toArray()]).toEqual([
      [1, 2],
      [4, 0],
    ]);
    expect(step.statistics).toMatchObject({ programs: 1, runs: 2 });
  });

  test('a parameter that has become float64 makes another program', () => {
    const weight = new Parameter(tensor([1 / 3]));
    const f = compile((x: Tensor) => weight.to('float64').mul(x));
    const x = tensor([1], { dtype: 'float64' });
    f(x);
    expect(f(x).item()).toBe(Math.fround(1 / 3));
    weight.convert('float64');
    weight.assign(tensor([1 / 3], { dtype: 'float64' }));
    expect([f(x).item(), f(x).item()]).toEqual([1 / 3, 1 / 3]);
    expect(f.statistics).toMatchObject({ programs: 2, runs: 2 });
  });

  test('random numbers are those that the plain function draws', () => {
    const f = (): Tensor => rand([5]).mul(2);
    manualSeed(5);
    const expected = [f(), f(), f()].map((x) => x.toArray());
    manualSeed(5);
    const compiled = compile(f);
    expect([compiled(), compiled(), compiled()].map((x) => x.toArray())).toEqual(expected);
  });

  test('gradients that would collect on something else are refused, and nothing is changed', () => {
    const leaf = tensor([1], { requiresGrad: true });
    const state = new Slot<Tensor>(tensor([0]));
    const captured = compile(() => {
      state.set(tensor([1]));
      leaf.mul(2).sum().backward();
    });
    expect(() => captured()).toThrow('a gradient would collect outside');
    const given = compile((x: Tensor) => x.mul(2).sum().backward());
    expect(() => given(leaf)).toThrow('a gradient would collect outside');
    expect([leaf.grad, state.get().toArray()]).toEqual([null, [0]]);
    given(new Parameter(tensor([1])) as Tensor);
  });

  test('gradients of tensors that the function makes itself are its own affair', () => {
    const f = compile((x: Tensor) => {
      const y = tensor([3], { requiresGrad: true });
      y.mul(y).mul(x).sum().backward();
      return y.grad as Tensor;
    });
    expect([f(tensor([1])).item(), f(tensor([2])).item()]).toEqual([6, 12]);
  });

  test('a parameter that the function makes itself holds what it was given in this run', () => {
    const f = compile((x: Tensor) => {
      const p = new Parameter(x.mul(2));
      p.mul(x).sum().backward();
      return [p.value, p.grad] as [Tensor, Tensor];
    });
    for (const value of [1, 2, 3]) expect(f(tensor([value])).map((x) => x.item())).toEqual([2 * value, value]);
  });

  test('a shape that depends on values is refused with the line; a constant one is not', () => {
    const f = compile((x: Tensor) => maskedSelect(x, x.gt(0)));
    expect(() => f(tensor([1, 0]))).toThrow(
      /a shape depends on values\n.* nonzero of a tensor of shape \[2\] .*, at .*:\d+[\s\S]*where\(mask, x, 0\)/,
    );
    const mask = tensor([1, 0, 1]);
    const g = compile((x: Tensor) => where(mask.gt(0), x, 0).add(maskedSelect(mask, mask.gt(0)).sum()));
    expect([1, 2].map((value) => g(tensor([value, value, value])).toArray())).toEqual([
      [3, 2, 3],
      [4, 2, 4],
    ]);
  });
});

describe('programs', () => {
  test('are kept for the shapes that were used last', () => {
    const f = compile((x: Tensor) => x.mul(2), { programs: 2 });
    for (const size of [1, 2, 1, 3, 1, 2]) f(zeros([size]));
    expect(f.statistics).toMatchObject({ programs: 4, runs: 2 });
  });

  test('for a third choice of arguments come with one warning, which says what varies', () => {
    const f = compile((data: { x: Tensor }, rate: number) => data.x.mul(rate));
    f({ x: zeros([64]) }, 1);
    f({ x: zeros([10]) }, 1);
    expect(warn).not.toHaveBeenCalled();
    f({ x: zeros([11]) }, 1);
    f({ x: zeros([12]) }, 1);
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining('dropLast')]);
    expect(warn.mock.calls[0]?.[0]).toContain('arguments[0].x was float32 [64], float32 [10], float32 [11]');
    expect(warn.mock.calls[0]?.[0]).not.toContain('arguments[1]');
  });

  test('with other numbers, too', () => {
    const f = compile((x: Tensor, rate: number) => x.mul(rate));
    for (const rate of [1, 0.5, 0.25]) f(zeros([2]), rate);
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /arguments\[1\] was number 1, number 0\.5, number 0\.25[\s\S]*tensor\(rate\)/,
    );
  });

  test('contain what other compiled functions compute', () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => inner(x).add(inner(x)));
    for (const value of [1, 2, 3]) expect(outer(tensor([value])).toArray()).toEqual([4 * value]);
    expect([inner.statistics.programs, outer.statistics.runs]).toEqual([0, 2]);
  });

  test('step aside for whoever looks on', () => {
    const f = compile((x: Tensor) => x.mul(2).exp());
    f(tensor([1]));
    const seen = explain((x: Tensor) => f(x), { x: tensor([1]) });
    expect(String(seen)).toContain('exp');
  });
});
