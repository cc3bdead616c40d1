// The reference cases of perceptron, ADALINE and LMS, by these rules.
import { readFileSync } from 'node:fs';
import { type Tensor, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { heaviside } from './activations/heaviside.ts';
import { lmsUpdate } from './adaline.ts';
import { type NeuronParameters, netInput } from './neuron.ts';
import { perceptronUpdate } from './perceptron.ts';

interface NamedNumbers {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface ClassicCase {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly NamedNumbers[];
  readonly outputs: readonly NamedNumbers[];
  readonly attrs: {
    readonly lr: number;
    readonly epochs: number;
    readonly targets?: '01' | 'pm1';
    readonly normalized?: boolean;
    readonly eps: number;
  };
  readonly tol: { readonly rtol: number; readonly atol: number };
}

const file = new URL('../../../../tools/reference/cases/classic.json', import.meta.url);
const cases: readonly ClassicCase[] = JSON.parse(readFileSync(file, 'utf8'));

/** What a case is made of: its samples, and the parameters at the start. */
interface Problem {
  readonly samples: readonly { readonly x: Tensor; readonly t: number }[];
  readonly start: NeuronParameters;
}

const scalar = (entry: number): Tensor => tensor(entry, { dtype: 'float64' });

function problemOf({ inputs }: ClassicCase): Problem {
  const given = (name: string): NamedNumbers | undefined => inputs.find((input) => input.name === name);
  const [x, t, w0] = ['x', 't', 'w0'].map((name) => given(name) as NamedNumbers);
  const rows = tensor([...x.data], { dtype: 'float64' })
    .reshape(x.shape)
    .unbind(0);
  return {
    samples: rows.map((row, i) => ({ x: row, t: t.data[i] })),
    start: { w: tensor([...w0.data], { dtype: 'float64' }), b: scalar(given('b0')?.data[0] ?? 0) },
  };
}

type Results = Readonly<Record<string, readonly number[]>>;

/** Targets ±1 with learning rate η are targets 0 and 1 with 2 η: answer and target are twice as far apart. */
function perceptron(reference: ClassicCase): Results {
  const { attrs } = reference;
  const scale = attrs.targets === 'pm1' ? 2 : 1;
  return byEpochs(
    reference,
    ({ w, b }, x, target) => {
      const t = scalar(scale === 2 ? (target + 1) / 2 : target);
      const error = t.sub(heaviside(netInput(w, b, x))).item();
      return { next: perceptronUpdate(w, b, x, t, scale * attrs.lr), error };
    },
    (errors) => errors.filter((error) => error !== 0).length,
  );
}

function adaline(reference: ClassicCase): Results {
  return byEpochs(
    reference,
    ({ w, b }, x, target) => {
      const t = scalar(target);
      const error = t.sub(netInput(w, b, x)).item();
      return { next: lmsUpdate(w, b, x, t, reference.attrs.lr), error };
    },
    (errors) => errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length,
  );
}

function byEpochs(
  reference: ClassicCase,
  learn: (neuron: NeuronParameters, x: Tensor, t: number) => { next: NeuronParameters; error: number },
  summary: (errors: readonly number[]) => number,
): Results {
  const { samples, start } = problemOf(reference);
  const [w, b, error]: number[][] = [[], [], []];
  let neuron = start;
  for (let epoch = 0; epoch < reference.attrs.epochs; epoch++) {
    const errors = samples.map(({ x, t }) => {
      const learned = learn(neuron, x, t);
      neuron = learned.next;
      return learned.error;
    });
    w.push(...neuron.w.toTypedArray());
    b.push(neuron.b.item());
    error.push(summary(errors));
  }
  return { w, b, error };
}

/** Without a bias: it is held at 0. The normalised form has a learning rate of its own for each sample. */
function lms(reference: ClassicCase): Results {
  const { lr, normalized, eps } = reference.attrs;
  const { samples, start } = problemOf(reference);
  const zero = scalar(0);
  const [y, e, w]: number[][] = [[], [], []];
  let weights = start.w;
  for (const { x, t } of samples) {
    const answer = netInput(weights, zero, x).item();
    const eta = normalized ? lr / (eps + x.square().sum().item()) : lr;
    weights = lmsUpdate(weights, zero, x, scalar(t), eta).w;
    y.push(answer);
    e.push(t - answer);
    w.push(...weights.toTypedArray());
  }
  return { y, e, w };
}

const learners: Readonly<Record<string, (reference: ClassicCase) => Results>> = {
  'classic.perceptron': perceptron,
  'classic.adaline': adaline,
  'classic.lms': lms,
};

test('there are cases of all three', () => {
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(Object.keys(learners)));
});

test.each(cases.map((reference) => [reference.name, reference] as const))('%s', (_, reference) => {
  const results = learners[reference.op](reference);
  const { rtol, atol } = reference.tol;
  for (const { name, data } of reference.outputs) {
    expect(results[name], name).toHaveLength(data.length);
    data.forEach((want, i) => {
      expect(Math.abs(results[name][i] - want), `${name}, entry ${i}`).toBeLessThanOrEqual(
        atol + rtol * Math.abs(want),
      );
    });
  }
});
