// What holds of every layer that is exported, by its example in layer-examples.ts.
import {
  detach,
  Generator,
  GradtapeError,
  isFloating,
  manualSeed,
  noGrad,
  Parameter,
  Tensor,
  zeros,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { assertGradients } from '@gradtape/autograd/verify';
import { describe, expect, test } from 'vitest';
import * as nn from './index.ts';
import { type LayerExample, layerExamples } from './layer-examples.ts';
import * as losses from './layers/losses.ts';
import { Module } from './module.ts';

const examples = Object.entries(layerExamples);

function make({ make }: LayerExample, seed = 1): Module {
  return make({ dtype: 'float64', generator: new Generator(seed) });
}

/** All tensors in what a layer gives. */
function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  return Array.isArray(result) ? result.flatMap(tensorsIn) : [];
}

function run(module: Module, { inputs, options }: LayerExample, given: readonly Tensor[] = inputs): Tensor[] {
  return tensorsIn(module.forward(...given, ...(options === undefined ? [] : [options])));
}

test('every exported layer has an example', () => {
  // They compute nothing themselves, or only what a user says.
  const without: readonly unknown[] = [
    nn.Module,
    nn.Layer,
    nn.ModuleList,
    nn.ModuleDict,
    nn.ParameterList,
    nn.ParameterDict,
    ...Object.values(losses),
  ];
  const layers = Object.entries(nn).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Module && !without.includes(value),
  );
  const missing = layers.map(([name]) => name).filter((name) => !(name in layerExamples));
  expect(missing, 'add a line to layer-examples.ts').toEqual([]);
  for (const [name, example] of examples) expect(make(example).constructor.name).toBe(name);
});

describe('the derivatives are those of the values', () => {
  test.each(examples)('%s', (_, example) => {
    const module = make(example);
    const { inputs, smooth = true } = example;
    const given = inputs.map((x, i) => [`input ${i}`, x] as const);
    assertGradients((...x) => run(module, example, x), Object.fromEntries(given), {
      parameters: module.namedParameters(),
      order: smooth ? 2 : 1,
      seed: 1,
      // One random direction meets every entry.
      entries: 0,
      directions: 1,
    });
  });
});

test('compiled layers give what eager ones give, and their gradients', () => {
  const made = examples.map(([name, example]) => ({
    name,
    example,
    module: make(example),
    leaves: example.inputs.map((x) => (isFloating(x.dtype) ? new Parameter(x) : x)),
  }));
  /** Outputs and gradients of all layers, in order. */
  const runAll = (): Tensor[] =>
    made.flatMap(({ example, module, leaves }) => {
      const parameters = [...module.parameters(), ...leaves.filter((leaf) => leaf instanceof Parameter)];
      for (const parameter of parameters) parameter.grad = null;
      const outputs = run(module, example, leaves);
      const [first, ...rest] = outputs.map((y) => y.mul(y).add(y).sum());
      rest.reduce((sum, term) => sum.add(term), first).backward();
      return [...outputs, ...parameters.flatMap(({ grad }) => grad ?? [])].map(detach);
    });
  const compiled = compile(runAll, { engine: 'wasm' });
  compiled();
  manualSeed(5);
  const states = made.map(({ module }) => module.stateDict());
  const expected = runAll();
  for (const [i, { module }] of made.entries()) module.loadStateDict(states[i]);
  manualSeed(5);
  const got = compiled();
  expect(compiled.statistics.runs).toBe(1);
  expect(got.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [k, x] of expected.entries()) {
    const scale = Math.max(1, x.abs().amax().item());
    expect(got[k].sub(x).abs().amax().item() / scale).toBeLessThan(1e-12);
  }
});

test('a state that was saved makes another layer the same', () => {
  for (const [name, example] of examples) {
    const [one, other] = [make(example, 1), make(example, 2)];
    noGrad(() => run(one, example));
    other.loadStateDict(one.stateDict());
    const [first, second] = [one, other].map((module) => noGrad(() => run(module.eval(), example)));
    expect(
      second.map((x) => x.toArray()),
      name,
    ).toEqual(first.map((x) => x.toArray()));
    expect(Object.keys(one.stateDict())).toEqual([...one.namedParameters(), ...one.namedBuffers()].map(([key]) => key));
  }
});

test('they print as they are made', async () => {
  const printed = examples.map(([, example]) => String(make(example)));
  await expect(`${printed.join('\n')}\n`).toMatchFileSnapshot('./every-layer.printed.txt');
});

/** Inputs that a layer may have to refuse. */
const spoiled: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'no dims': (x) => zeros([], { dtype: x.dtype }),
  'a dim less': (x) => x.select(0, 0),
  'a dim more': (x) => x.unsqueeze(0),
  'two dims more': (x) => x.unsqueeze(0).unsqueeze(0),
  'another last size': (x) => zeros([...x.shape.slice(0, -1), x.shape[x.rank - 1] + 1], { dtype: x.dtype }),
  'another second size': (x) =>
    zeros(
      x.shape.map((size, d) => (d === 1 ? size + 1 : size)),
      { dtype: x.dtype },
    ),
  'nothing in it': (x) =>
    zeros(
      x.shape.map((size, d) => (d === x.rank - 1 ? 0 : size)),
      { dtype: x.dtype },
    ),
  'another dtype': (x) => x.to(isFloating(x.dtype) ? 'int32' : 'float64'),
};

/** What somebody is told; undefined if it works. An error that is not meant for people is none to tell. */
function told(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof GradtapeError) return error.message;
    throw error;
  }
}

/** Each thing that a layer says once, with what made it say so. */
function page(name: string, example: LayerExample): string {
  const messages = new Map<string, string>();
  const note = (how: string, message: string | undefined): void => {
    const [title] = message?.split('\n') ?? [];
    if (title !== undefined && !messages.has(title)) messages.set(title, `${how}: ${message}\n`);
  };
  const [first, ...rest] = example.inputs;
  for (const [how, spoil] of Object.entries(spoiled)) {
    note(
      how,
      told(() => noGrad(() => run(make(example), example, [spoil(first), ...rest]))),
    );
  }
  for (const refused of example.refused ?? []) {
    const message = told(refused);
    expect(message, `${name}: ${refused}`).toBeDefined();
    note('its constructor', message);
  }
  return [`## ${name}\n`, ...messages.values()].join('\n');
}

test('what they refuse, they refuse with an error that teaches', async () => {
  const pages = examples.map(([name, example]) => page(name, example));
  await expect(pages.join('\n')).toMatchFileSnapshot('./every-layer.refused.txt');
});
