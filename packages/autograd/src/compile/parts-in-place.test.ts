import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { concat, full, matmul, noGrad, Parameter, randn, stack, type Tensor, tensor } from '../index.ts';
import { engineNamed } from './engines.ts';
import { rowsApart } from './parts-in-place.ts';
import { Program } from './program.ts';
import { trace } from './trace.ts';

function programOf(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Program {
  return new Program(trace(compute as never, [...inputs]), compute(...inputs).length, engineNamed('wasm'));
}

function expectSame(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Program {
  const program = programOf(compute, inputs);
  const results = program.run(inputs);
  compute(...inputs).forEach((y, k) => {
    expect(results[k]?.shape).toEqual(y.shape);
    expect([...(results[k] as Tensor).toTypedArray()]).toEqual([...y.toTypedArray()]);
  });
  program.dispose();
  return program;
}

const usual = { ...rowsApart };
afterEach(() => {
  Object.assign(rowsApart, usual);
});

/** How many buffers lie in others in a program of one input. */
function insideOf(compute: (x: Tensor) => readonly Tensor[], width = 16): number {
  return expectSame(compute as never, [wholes([4, width])]).plan.inside.size;
}

/** Whole numbers, so that sums are exact. */
const wholes = (shape: number[]): Tensor => randn(shape).mul(8).round();

const size = fc.integer({ min: 1, max: 7 });

test('rows that are put together are computed where they belong, whoever else reads them, and when', () => {
  fc.assert(
    fc.property(size, size, size, fc.nat(2), (rows, width, parts, dim) => {
      const inputs = Array.from({ length: parts }, () => wholes([rows, width, 2]));
      const compute = (...xs: Tensor[]): readonly Tensor[] => {
        const computed = xs.map((x, k) => x.mul(k + 2));
        const all = concat(computed, dim);
        const twice = concat([computed[0] as Tensor, all.mul(0.5), computed[0] as Tensor], dim);
        return [all.mul(3), twice.add(1), (computed[0] as Tensor).sum(), stack(computed, 0).mul(2)];
      };
      expectSame(compute, inputs);
    }),
  );
});

test('nothing is copied for them: only their own loops and those that follow have kernels', () => {
  const compute = (x: Tensor): readonly Tensor[] => [
    concat([x.abs(), x.mul(2), x.add(1)], 0)
      .square()
      .sum(1),
  ];
  const program = expectSame(compute as never, [wholes([4, 8])]);
  expect(program.plan.inside.size).toBe(3);
  expect(program.kernels.length).toBe(2);
});

test('what is copied in one piece has one kernel, in whatever order pieces follow', () => {
  const piece = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 }));
  const kernelsOf = (pieces: readonly (readonly [number, number])[], width: number): number => {
    const compute = (x: Tensor): readonly Tensor[] => [
      concat(
        pieces.map(([start, rows]) => x.narrow(0, start, rows)),
        0,
      ),
    ];
    return expectSame(compute as never, [wholes([8, width])]).kernels.length;
  };
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), size, (pieces, width) => {
      const breaks = pieces.filter(([start], k) => k > 0 && start !== pieces[k - 1][0] + pieces[k - 1][1]);
      expect(kernelsOf(pieces, width)).toBe(1 + breaks.length);
    }),
  );
});

test('what comes in, or is returned, is copied', () => {
  expect(insideOf((x) => [concat([x, x.mul(2)], 0).mul(3)])).toBe(1);
  const twice = (x: Tensor): readonly Tensor[] => {
    const y = x.mul(2);
    return [concat([y, x.abs()], 0).mul(3), y];
  };
  expect(insideOf(twice)).toBe(1);
  const parameter = new Parameter(full([4, 16], 1));
  const assigned = (x: Tensor): readonly Tensor[] => {
    const y = x.mul(parameter);
    noGrad(() => parameter.assign(y));
    return [concat([y, x.abs()], 1).mul(3)];
  };
  const program = programOf(assigned as never, [wholes([4, 16])]);
  expect(program.plan.inside.size).toBe(1);
  program.dispose();
});

/** What computes a part of shape `[rows, width, 2]` of an input like it. */
const makers: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'a formula': (x) => x.mul(2).add(1),
  'a formula of columns': (x) => x.sub(x.sum(0, { keepDim: true })),
  product: (x) => matmul(x, wholeMatrix),
  'product of one matrix': (x) => matmul(x.reshape([-1, 2]), wholeMatrix).reshape(x.shape),
  'another order': (x) => x.transpose(0, 1).mul(2).transpose(0, 1).reshape([-1]).reshape(x.shape),
  'running sums': (x) => x.cumsum(1),
  'what comes in': (x) => x,
  'another whole': (x) => stack([x.select(2, 0).abs(), x.select(2, 1).mul(2)], 2),
};
const wholeMatrix = tensor([
  [1, 2],
  [-1, 1],
]);

/** Who else reads a part. */
const readers: Readonly<Record<string, (part: Tensor) => readonly Tensor[]>> = {
  nobody: () => [],
  loops: (part) => [part.square()],
  sums: (part) => [part.sum(1)],
  product: (part) => [matmul(part, wholeMatrix)],
  'product through a view': (part) => [matmul(part.transpose(1, 2), part)],
  whoever: (part) => [part],
  'another whole': (part) => [concat([part, part.mul(2), part], 2).mul(2)],
  'a piece of it': (part) => [part.narrow(0, 0, 1).mul(3)],
};

const sizeOrNone = fc.integer({ min: 0, max: 4 });
const anyOf = (from: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(from));

test('parts of rows and columns, whoever computes and reads them, are what they are eagerly', () => {
  const drawn = fc.array(fc.tuple(anyOf(makers), anyOf(readers), sizeOrNone), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(drawn, size, sizeOrNone, fc.nat(3), fc.constantFrom(1, 2, 16), (parts, rows, width, dim, multiple) => {
      Object.assign(rowsApart, { multiple });
      const inputs = parts.map(([, , own]) => wholes([dim === 0 ? own : rows, dim === 1 ? own : width, 2]));
      const compute = (...xs: Tensor[]): readonly Tensor[] => {
        const computed = parts.map(([maker], k) => makers[maker](xs[k]));
        const whole = dim === 3 ? stack(computed, 1) : concat(computed, dim);
        const others = parts.flatMap(([, reader], k) => (computed[k].length === 0 ? [] : readers[reader](computed[k])));
        return [whole.mul(3), ...others.filter((y) => !xs.includes(y))];
      };
      expectSame(compute, inputs);
    }),
    { numRuns: 120 },
  );
});

test('columns are computed where they belong if they are whole vectors, and nobody reads them in steps of his own', () => {
  const columns = (width: number, read: (part: Tensor) => readonly Tensor[]): number => {
    const weight = wholes([2 * width, 3]);
    return insideOf((x) => {
      const part = x.mul(2);
      return [matmul(concat([part, x.abs()], 1), weight), ...read(part)];
    }, width);
  };
  const other = wholes([16, 2]);
  expect(columns(16, () => [])).toBe(2);
  expect(columns(24, () => [])).toBe(0);
  expect(columns(16, (part) => [matmul(part, other)])).toBe(2);
  expect(columns(16, (part) => [part.sum(0)])).toBe(2);
  expect(columns(16, (part) => [matmul(part.transpose(0, 1), part)])).toBe(1);
});

test('products of a batch are written where they belong, along whatever dim they are joined', () => {
  Object.assign(rowsApart, { multiple: 1 });
  const columns = fc.integer({ min: 2, max: 7 });
  fc.assert(
    fc.property(fc.tuple(size, size, size, columns), fc.nat(3), size, ([outer, inner, m, n], dim, depth) => {
      const operands = [1, 2].flatMap(() => [wholes([outer, inner, m, depth]), wholes([outer, inner, depth, n])]);
      const compute = (...[a, b, c, d]: Tensor[]): readonly Tensor[] => [
        concat([matmul(a, b), matmul(c, d)], dim).mul(2),
      ];
      const { plan } = expectSame(compute, operands);
      expect(plan.inside.size).toBe(2);
    }),
  );
});

test('sums are put where they belong, too', () => {
  Object.assign(rowsApart, { multiple: 1 });
  const sumsOf = (dim: number, joined: number): ((...xs: Tensor[]) => readonly Tensor[]) => {
    return (x) => [concat([x.sum(dim, { keepDim: true }), x.mul(2).sum(dim, { keepDim: true })], joined).mul(3)];
  };
  fc.assert(
    fc.property(fc.tuple(size, size, size), fc.nat(2), fc.nat(2), (shape, dim, joined) => {
      expectSame(sumsOf(dim, joined), [wholes(shape)]);
    }),
  );
  expect(expectSame(sumsOf(0, 1), [wholes([3, 4, 5])]).plan.inside.size).toBe(2);
  expect(expectSame(sumsOf(1, 2), [wholes([3, 4, 5])]).plan.inside.size).toBe(2);
});

test('a whole of columns is a part of rows: nothing is copied', () => {
  const compute = (x: Tensor): readonly Tensor[] => {
    const joined = [1, 2, 3].map((k) => concat([x.mul(k), x.add(k)], 1));
    return [concat(joined, 0).square().sum(1)];
  };
  const program = expectSame(compute as never, [wholes([4, 16])]);
  expect(program.plan.inside.size).toBe(9);
  expect(program.kernels.length).toBe(2);
});
