import * as every from './every.ts';
import { type AnyRule, isRule } from './rule.ts';

/** The rules among exported values and their properties, by the path that leads to each. */
function collect(exported: object, path: readonly string[] = []): [string, AnyRule][] {
  return Object.entries(exported).flatMap(([key, value]) => {
    if (value === null || !['object', 'function'].includes(typeof value)) return [];
    const here = [...path, key];
    const own: [string, AnyRule][] = isRule(value) ? [[here.join('.'), value]] : [];
    return [...own, ...collect(value, here)];
  });
}

/**
 * Every rule that there is, by its name, collected from what this entry exports.
 *
 * @example
 * import { rules } from '@gradtape/nn/sensitivity';
 * rules.get('denseBiasGradient')?.shapes; // 'delta [n] -> [n]'
 */
export const rules: ReadonlyMap<string, AnyRule> = new Map(
  collect(every).map(([, found]) => [found.name, found] as const),
);
