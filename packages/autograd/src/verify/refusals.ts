import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { numbersOf } from './compare.ts';
import { kindOf, type Named } from './named.ts';

// The functions of which nothing can be checked, and why.

/** The results of a function as a list. Throws if one is not a tensor. */
export function resultsOf(operation: string, result: unknown): readonly Tensor[] {
  const results = Array.isArray(result) ? result : [result];
  const wrong = results.findIndex((y) => !(y instanceof Tensor));
  if (wrong < 0) return results;
  return fail(`${operation}: the function gives something that is not a tensor`, {
    got: Array.isArray(result) ? `${kindOf(results[wrong])} as result ${wrong}` : kindOf(result),
    needs: 'a Tensor, or an array of them',
    fix: result instanceof Promise ? 'pass a function that is not async' : 'leave out item() and toArray()',
  });
}

/** Throws unless there are floating results, all of them finite. */
export function checkOutputs(operation: string, outputs: readonly Tensor[]): void {
  if (outputs.length === 0) {
    fail(`${operation}: the function has no floating result`, {
      got: 'results of dtype int32 or bool, or none',
      needs: 'at least one result of dtype float32 or float64',
      fix: 'return the values that the decision was made from (scores, not their argmax)',
    });
  }
  const broken = outputs.flatMap(numbersOf).find((entry) => !Number.isFinite(entry));
  if (broken === undefined) return;
  fail(`${operation}: the function is not finite at these inputs`, {
    got: `${broken} among its results`,
    needs: 'numbers, since differences of infinities and NaN say nothing',
    fix: 'check the function at other inputs: inside the domain of its logarithms, roots and divisions',
  });
}

export function failWithoutVariables(operation: string, inputs: readonly Named[]): never {
  const got = inputs.map(({ name, tensor }) => `${name} of dtype ${tensor.dtype}`).join(', ');
  return fail(`${operation}: nothing to differentiate by`, {
    got: got === '' ? 'no inputs' : got,
    needs: 'an input of dtype float32 or float64, or { parameters: model.parameters() }',
    fix: "convert an input: x.to('float64')",
  });
}

export function failOnRandomness(operation: string, seed: number | undefined): never {
  const own = seed !== undefined;
  return fail(`${operation}: the function is random`, {
    got: `two evaluations at the same inputs that differ${own ? ', although the default generator was seeded' : ''}`,
    needs: 'the same result each time: differences of random results say nothing about the derivative',
    fix: own
      ? 'seed the generator that the function draws from inside the function: new Generator(1)'
      : 'pass { seed: 1 }, which seeds the default generator before each evaluation; or switch dropout off: model.eval()',
  });
}
