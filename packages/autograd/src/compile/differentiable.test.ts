import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  customGrad,
  dropout,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  manualSeed,
  noGrad,
  Parameter,
  registerHook,
  Slot,
  type Tensor,
  tensor,
  vjp,
} from '../index.ts';
import { compile } from './compile.ts';
import { testEngines } from './test-engines.ts';

const engines = testEngines();

const steps: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  tanh: (x) => x.tanh(),
  square: (x) => x.mul(x),
  product: (x, y) => x.mul(y),
  row: (x, y) => x.add(y.sum(0, { keepDim: true })),
  softmax: (x) => x.softmax(-1),
  transposed: (x) => x.t().matmul(x).sum(0, { keepDim: true }).add(x),
  detached: (x, y) => x.mul(y.detach()),
  relu: (x, y) => x.relu().add(y),
};
/** A function of two matrices with a single number as result. */
const functions = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 4 }).map(
  (names) =>
    (x: Tensor, y: Tensor): Tensor =>
      names.reduce((z, name) => (steps[name] as typeof steps.tanh)(z, y), x).sum(),
);
const shapes = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }));
const matrices = (count: number): fc.Arbitrary<Tensor[]> =>
  shapes.chain(([rows, columns]) =>
    fc.array(
      fc
        .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
        .map((entries) => tensor(entries, { dtype: 'float64' }).reshape([rows, columns])),
      { minLength: count, maxLength: count },
    ),
  );

function flat(x: unknown): number[] {
  return Array.isArray(x) ? x.flatMap(flat) : [...(x as Tensor).toTypedArray()].map(Number);
}

function expectSame(got: unknown, expected: unknown): void {
  const [a, b] = [flat(got), flat(expected)];
  expect(a.length).toBe(b.length);
  const largest = Math.max(1, ...b.map(Math.abs));
  for (const [i, x] of b.entries()) expect(Math.abs((a[i] as number) - x)).toBeLessThanOrEqual(1e-9 * largest);
}

function forget(weight: Parameter): void {
  weight.grad = null;
}

describe('a compiled function has the derivatives of the plain one', () => {
  test('of the first and second order, in both modes, inside of compile and outside', () => {
    fc.assert(
      fc.property(functions, matrices(4), (f, [x, y, u, v]) => {
        const compiled = compile(f);
        for (const [a, b] of [
          [x, y],
          [u, y],
          [v, u],
        ] as [Tensor, Tensor][]) {
          expectSame(grad(compiled)(a, b), grad(f)(a, b));
          expectSame(compile(grad(compiled))(a, b), grad(f)(a, b));
          expectSame(jvp(compiled, [a, b], [u as Tensor, v as Tensor]), jvp(f, [a, b], [u as Tensor, v as Tensor]));
          expectSame(hvp(compiled, [a, b], [u as Tensor, v as Tensor]), hvp(f, [a, b], [u as Tensor, v as Tensor]));
          expectSame(hessian(compiled)(a, b), hessian(f)(a, b));
        }
        const { programs, runs } = compiled.statistics;
        // Traced once while the tape records; everything else ran compiled, but for what was inside of another compile.
        expect([programs, runs > 10]).toEqual([1, true]);
      }),
      { numRuns: 40 },
    );
  });

  test.each(engines)('on the engine %s', (engine) => {
    const f = (x: Tensor, y: Tensor): Tensor => x.matmul(y).tanh().softmax(-1).square().sum();
    const compiled = compile(f, { engine });
    const [x, y] = [
      tensor(
        [
          [1, 2],
          [3, -4],
        ],
        { dtype: 'float64' },
      ),
      tensor(
        [
          [0.5, 0.1],
          [-1, 1],
        ],
        { dtype: 'float64' },
      ),
    ];
    for (let run = 0; run < 2; run++) {
      expectSame(grad(compiled)(x, y), grad(f)(x, y));
      expectSame(hessian(compiled)(x, y), hessian(f)(x, y));
    }
  });

  test('of the third order, and compiled products with the Hessian', () => {
    const f = (x: Tensor): Tensor => x.tanh().mul(x).exp().sum();
    const third = (of: typeof f) => grad((x: Tensor) => grad((y: Tensor) => grad(of)(y).sum())(x).sum());
    const x = tensor([0.3, -0.7], { dtype: 'float64' });
    const compiled = compile(f);
    for (let run = 0; run < 2; run++) expectSame(third(compiled)(x), third(f)(x));
    const [thirdCompiled, product] = [compile(third(compiled)), compile((y: Tensor) => hvp(compiled, [y], [x])[0])];
    for (let run = 0; run < 3; run++) {
      const y = x.add(run);
      expectSame(thirdCompiled(y), third(f)(y));
      expectSame(product(y), hvp(f, [y], [x])[0]);
    }
    expect([thirdCompiled.statistics.runs, product.statistics.runs]).toEqual([2, 2]);
  });

  test('with several results, of both precisions and of whole numbers', () => {
    const f = (x: Tensor): Tensor[] => [x.mul(x), x.to('float32').sum(), x.sin().sum(0), x.argmax(0)];
    const compiled = compile(f);
    const x = tensor(
      [
        [1, 2],
        [3, -4],
      ],
      { dtype: 'float64' },
    );
    for (let run = 0; run < 2; run++) {
      const loss = (of: typeof f) => (y: Tensor) => {
        const [a, b, c, d] = of(y) as [Tensor, Tensor, Tensor, Tensor];
        return a.mul(c).sum().add(b.to('float64').mul(2)).add(d.to('float64').sum());
      };
      expectSame(grad(loss(compiled))(x), grad(loss(f))(x));
      expectSame(hessian(loss(compiled))(x), hessian(loss(f))(x));
      const parts = (of: typeof f) => jvp((y: Tensor) => of(y).slice(0, 3), [x], [x])[1];
      expectSame(parts(compiled), parts(f));
    }
    expect(compiled.statistics).toMatchObject({ programs: 1 });
  });

  test('with rules of its own, not those of what is inside', () => {
    const rounded = customGrad({ name: 'rounded', forward: (x) => x.round(), backward: (g) => [g] });
    const f = (x: Tensor): Tensor => rounded(x.mul(x)).mul(x.detach()).sum();
    const compiled = compile(f);
    const x = tensor([1.2, 2.3]);
    for (let run = 0; run < 2; run++) {
      expect(grad(compiled)(x).toArray()).toEqual(grad(f)(x).toArray());
      expect(hessian(compiled)(x).toArray()).toEqual(hessian(f)(x).toArray());
    }
    expect(grad(f)(x).toArray()).not.toEqual([0, 0]);
  });

  test('through tensors of a tape outside that it knows without being given them', () => {
    const f =
      (compiles: boolean) =>
      (x: Tensor): Tensor => {
        const inner = (y: Tensor): Tensor => y.mul(x).mul(x).sum();
        const run = compiles ? compile(inner) : inner;
        return run(tensor([5, 6])).add(run(tensor([3, 4])));
      };
    const x = tensor([1, 2]);
    expect(grad(f(true))(x).toArray()).toEqual(grad(f(false))(x).toArray());
    expect(hessian(f(true))(x).toArray()).toEqual(hessian(f(false))(x).toArray());
  });

  test('whatever the tape outside then does with the results', () => {
    const compiled = compile((x: Tensor) => [x.mul(x), x]);
    const [value, pull] = vjp((x: Tensor) => compiled(x.mul(2)), tensor([1, 3]));
    expect(value.map((x) => x.toArray())).toEqual([
      [4, 36],
      [2, 6],
    ]);
    expect(pull(tensor([1, 1]), tensor([10, 10]))[0].toArray()).toEqual([28, 44]);
    expect(jacobian((x: Tensor) => compiled(x)[0] as Tensor)(tensor([1, 3])).toArray()).toEqual([
      [2, 0],
      [0, 6],
    ]);
  });
});

describe('a compiled forward pass', () => {
  /** Trains for some steps; gives what each saw. */
  function train(compiles: boolean): unknown[] {
    manualSeed(3);
    const weight = new Parameter(
      tensor([
        [1, -2],
        [0.5, 4],
      ]),
    );
    const forward = (x: Tensor): { hidden: Tensor; loss: Tensor } => {
      const hidden = dropout(x.matmul(weight).tanh(), 0.4);
      return { hidden, loss: hidden.square().sum() };
    };
    const run = compiles ? compile(forward) : forward;
    return Array.from({ length: 6 }, (_, i) => {
      const x = tensor(
        [
          [1, i],
          [2, -1],
        ],
        { requiresGrad: true },
      );
      const { hidden, loss } = run(x);
      forget(weight);
      loss.add(hidden.sum()).backward();
      noGrad(() => weight.assign(weight.sub((weight.grad as Tensor).mul(0.1))));
      return [loss, weight.grad, x.grad, weight.value];
    });
  }

  test('collects the gradients of parameters and arguments, also with random numbers in it', () => {
    const [got, expected] = [train(true), train(false)];
    const largest = Math.max(...flat(expected).map(Math.abs));
    for (const [i, x] of flat(expected).entries()) {
      expect(Math.abs((flat(got)[i] as number) - x)).toBeLessThanOrEqual(1e-6 * largest);
    }
  });

  test('tells the hooks of a parameter once, and takes what they give', () => {
    const weight = new Parameter(tensor([1, 2]));
    const seen: unknown[] = [];
    registerHook(weight, (g) => {
      seen.push(g.toArray());
      return g.mul(10);
    });
    const forward = compile((x: Tensor) => weight.mul(x).sum());
    for (let run = 0; run < 2; run++) forward(tensor([3, 4])).backward();
    expect(seen).toEqual([
      [3, 4],
      [3, 4],
    ]);
    expect(weight.grad?.toArray()).toEqual([60, 80]);
  });

  test('sees the parameter as it was, whatever is assigned before backward', () => {
    const weight = new Parameter(tensor([3]));
    const forward = compile((x: Tensor) => weight.mul(weight).mul(x).sum());
    for (const value of [3, 5]) {
      weight.assign(tensor([value]));
      const loss = forward(tensor([2]));
      weight.assign(tensor([100]));
      forget(weight);
      loss.backward();
      expect(weight.grad?.toArray()).toEqual([4 * value]);
    }
  });

  test('is on no tape under noGrad, and on one again afterwards', () => {
    const weight = new Parameter(tensor([3]));
    const forward = compile((x: Tensor) => weight.mul(x).sum());
    for (let run = 0; run < 2; run++) {
      expect(noGrad(() => forward(tensor([2]))).node).toBeUndefined();
      forget(weight);
      forward(tensor([2])).backward();
      expect(weight.grad?.toArray()).toEqual([2]);
    }
    expect(forward.statistics).toMatchObject({ programs: 2, runs: 2 });
  });

  test('frees its tape with backward, and keeps it where asked', () => {
    const weight = new Parameter(tensor([3]));
    const forward = compile(() => weight.square().sum());
    for (let run = 0; run < 2; run++) {
      const loss = forward();
      loss.backward(undefined, { retainGraph: true });
      loss.backward();
      expect(() => loss.backward()).toThrow('the tape was freed');
    }
    expect(weight.grad?.toArray()).toEqual([24]);
  });
});

describe('what cannot be differentiated is said', () => {
  test('a parameter that the function assigns', () => {
    const weight = new Parameter(tensor([1]));
    const forward = compile((x: Tensor) => {
      noGrad(() => weight.assign(weight.add(1)));
      return weight.mul(x).sum();
    });
    for (let run = 2; run < 4; run++) {
      const loss = forward(tensor([1]));
      expect(loss.item()).toBe(run);
      expect(() => loss.backward()).toThrow('a parameter that the function has assigned');
    }
  });

  test('a tape that begins outside of the function and is read backwards inside', () => {
    const weight = new Parameter(tensor([1]));
    const forward = compile((x: Tensor) => weight.mul(x).sum());
    forward(tensor([1]));
    const loss = forward(tensor([1]));
    expect(() => compile(() => loss.backward())()).toThrow('a derivative leads out of the function');
    loss.backward();
    expect(weight.grad?.toArray()).toEqual([1]);
  });

  test('a state that is on a tape, left there or found there', () => {
    const weight = new Parameter(tensor([2]));
    const state = new Slot<Tensor>(tensor([1]));
    const carrying = compile((x: Tensor) => {
      state.set(state.get().mul(weight).add(x));
      return state.get().sum();
    });
    expect(() => carrying(tensor([1]))).toThrow('a state, or a gradient, is on the tape');
    expect(state.get().toArray()).toEqual([1]);
    const reading = compile((x: Tensor) => state.get().mul(weight).add(x).sum());
    for (let run = 0; run < 2; run++) reading(tensor([1])).backward();
    expect(weight.grad?.toArray()).toEqual([2]);
    state.set(weight.mul(3));
    expect(() => reading(tensor([1])).backward()).toThrow('a state, or a gradient, is on the tape');
    expect(() => compile(() => weight.mul(state.get()))()).toThrow('a state, or a gradient, is on the tape');
  });

  test('a gradient that is left on the tape', () => {
    const weight = new Parameter(tensor([2]));
    const f = compile(() => weight.pow(3).sum().backward(undefined, { createGraph: true }));
    expect(() => f()).toThrow('without createGraph');
    expect(weight.grad).toBeNull();
  });

  test('a rule of its own that reads a parameter', () => {
    const weight = new Parameter(tensor([2]));
    const scaled = customGrad({ name: 'scaled', forward: (x) => x, backward: (g) => [g.mul(weight)] });
    const compiled = compile((x: Tensor) => scaled(x).sum());
    expect(() => grad(compiled)(tensor([1]))).toThrow('a derivative does more than compute');
  });
});
