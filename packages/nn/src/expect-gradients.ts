import { Generator, isFloating, Parameter, randn, type Tensor } from '@gradtape/autograd';
import { expect } from 'vitest';
import type { Module } from './module.ts';

function innerProduct(a: Tensor, b: Tensor): number {
  return a.mul(b).sum().item();
}

/**
 * Expects that the gradients which `backward` leaves on the parameters and on the inputs predict, along a random direction,
 * the slope of ⟨output, u⟩ for a random u. The slope is measured by central differences with two steps, extrapolated by
 * Richardson, in float64: its error is of the order of 10⁻¹¹.
 *
 * @param inputs In the order of `forward`; those of floating dtype are differentiated.
 */
export function expectGradients(module: Module, inputs: readonly Tensor[], relativeError = 5e-9): void {
  const generator = new Generator(1);
  const draw = (x: Tensor): Tensor => randn(x.shape, { dtype: 'float64', generator });
  const leaves = inputs.map((x) => (isFloating(x.dtype) ? new Parameter(x) : x));
  const slots = [...module.parameters(), ...leaves.filter((leaf) => leaf instanceof Parameter)];
  const starts = slots.map(({ value }) => value);
  const directions = starts.map(draw);
  const move = (by: number): void =>
    slots.forEach((slot, i) => {
      slot.assign(starts[i].add(directions[i].mul(by)));
    });

  const output: Tensor = module.forward(...leaves);
  const u = draw(output);
  output.backward(u);
  const predicted = slots.reduce((sum, slot, i) => sum + (slot.grad ? innerProduct(slot.grad, directions[i]) : 0), 0);

  const valueAt = (by: number): number => {
    move(by);
    return innerProduct(module.forward(...leaves), u);
  };
  const slope = (step: number): number => (valueAt(step) - valueAt(-step)) / (2 * step);
  const measured = (4 * slope(5e-4) - slope(1e-3)) / 3;
  move(0);
  module.zeroGrad();
  expect(Math.abs(predicted)).toBeGreaterThan(1e-3);
  expect(Math.abs(predicted / measured - 1)).toBeLessThan(relativeError);
}
