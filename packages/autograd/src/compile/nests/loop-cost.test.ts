import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Formula } from '../../kernels/scalar-math.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { mul } from '../../primitives/bilinear/index.ts';
import type { LoopStage, MapStep, Operand } from '../stages.ts';
import { loopCost } from './loop-cost.ts';

const product: Formula = (m, x) => m.mul(x, x);
const quotient: Formula = (m, x) => m.div(x, x);
const sigmoid: Formula = (m, x) => m.sigmoid(x);
const formulas = [product, quotient, sigmoid];

const inRegister: Operand = { kind: 'register', buffer: 0 };
const inMemory: Operand = { kind: 'memory', access: { buffer: 0, offset: 0, strides: [1] } };

function step(formula: Formula, operand: Operand): MapStep {
  const node = { primitive: mul.primitive, params: undefined, inputs: [0, 0], output: 1 };
  return { kind: 'map', node, formula, operands: [operand], result: 1, isTruth: false };
}

function stage(elementType: ElementType, entries: number, steps: MapStep[]): LoopStage {
  return { kind: 'loops', elementType, shape: [entries], reduced: undefined, steps };
}

const drawnSteps = fc.array(
  fc
    .tuple(fc.constantFrom(...formulas), fc.constantFrom(inRegister, inMemory))
    .map(([formula, operand]) => step(formula, operand)),
  { minLength: 1, maxLength: 9 },
);
const elementTypes = fc.constantFrom<ElementType>('float32', 'float64');

test('loops cost what their steps cost, for each entry', () => {
  fc.assert(
    fc.property(elementTypes, fc.nat(1000), drawnSteps, drawnSteps, (elementType, entries, some, others) => {
      const one = (steps: MapStep[]): number => loopCost(stage(elementType, 1, steps));
      expect(loopCost(stage(elementType, entries, some))).toBeCloseTo(entries * one(some), 6);
      expect(one([...some, ...others])).toBeCloseTo(one(some) + one(others), 6);
    }),
  );
});

test('a function costs as many products as it has instructions, reading an operand one', () => {
  const cost = (formula: Formula, operand: Operand = inRegister): number =>
    loopCost(stage('float32', 1, [step(formula, operand)])) /
    loopCost(stage('float32', 1, [step(product, inRegister)]));
  expect(cost(product, inMemory)).toBe(2);
  expect(cost(quotient)).toBe(4);
  expect(cost(sigmoid)).toBeGreaterThan(15);
  expect(cost(sigmoid)).toBeLessThan(60);
});

test('what is computed in float64 has half as many entries in a vector', () => {
  const steps = [step(product, inMemory), step(quotient, inRegister)];
  expect(loopCost(stage('float64', 100, steps))).toBe(2 * loopCost(stage('float32', 100, steps)));
});
