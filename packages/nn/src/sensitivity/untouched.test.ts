import { Parameter, Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowed, trials } from './checks/check.ts';
import { checks } from './checks/index.ts';
import type { AnyRule } from './rule.ts';
import { fits, readSignature, type Sizes } from './signature.ts';

/** The same value, with every tensor in it replaced. Functions stay as they are. */
function withTensors(value: unknown, replace: (x: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return replace(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => withTensors(part, replace));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTensors(part, replace)]));
}

/** How many lines the tapes have had so far. */
function linesWritten(): number {
  return tensor(0, { requiresGrad: true }).node?.sequence ?? Number.NaN;
}

/** Calls a rule on parameters in the place of its tensors, and expects that no tape notices. */
function observed(rule: AnyRule): AnyRule {
  const call = rule as unknown as (...args: unknown[]) => unknown;
  const observe = (...args: readonly unknown[]): unknown => {
    const given = args.map((arg) => withTensors(arg, (x) => new Parameter(x)));
    const before = linesWritten();
    const result = call(...given);
    expect(linesWritten() - before, `${rule.name}: lines on the tape`).toBe(1);
    withTensors(result, (x) => {
      expect(x.requiresGrad, rule.name).toBe(false);
      expect(x.grad).toBeNull();
      expect(given, `${rule.name}: gives a slot that changes`).not.toContain(x);
    });
    withTensors(given, (x) => expect(x.grad).toBeNull());
    expectShapes(rule, args, result);
    return result;
  };
  return observe as unknown as AnyRule;
}

/** Expects of a result what the rule's signature says. */
function expectShapes(rule: AnyRule, args: readonly unknown[], result: unknown): void {
  const { takes, gives } = readSignature(rule.shapes);
  const sizes: Sizes = new Map();
  expect(takes.length, `${rule.name}: arguments`).toBeGreaterThanOrEqual(args.length);
  takes.forEach((item, i) => {
    expect(args[i] instanceof Tensor, `${rule.name}: ${item.name} has sizes`).toBe(item.sizes !== undefined);
    if (item.sizes !== undefined) expect(fits((args[i] as Tensor).shape, item, sizes), item.name).toBe(true);
  });
  const named = gives.length > 1 ? (result as Record<string, unknown>) : { [gives[0].name]: result };
  expect(Object.keys(named).sort(), rule.name).toEqual(gives.map(({ name }) => name).sort());
  for (const item of gives) {
    if (item.sizes === undefined) continue;
    const { shape } = named[item.name] as Tensor;
    expect(fits(shape, item, sizes), `${rule.name}: ${item.name} [${shape}]`).toBe(true);
  }
}

const all = Object.values(checks).flat();

test.each(all.map((check) => [check.rule.name, check] as const))(
  '%s writes nothing on the tape, whatever its inputs require, and gives the shapes that it says',
  (_, check) => {
    const judge = (error: number): void => expect(error).toBeLessThanOrEqual(allowed.float64);
    fc.assert(trials(check, 'float64', judge, observed(check.rule)), { numRuns: 20 });
  },
);
