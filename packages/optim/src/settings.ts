import { GradtapeError } from '@gradtape/autograd';
import { adviceFor } from './advice.ts';

/** What a setting may be. */
export interface Range {
  readonly holds: (value: number) => boolean;
  readonly needs: string;
  /** What to try instead. Default: what is usual for a setting of that name. */
  readonly fix?: string;
}

export const atLeastZero: Range = { holds: (x) => x >= 0 && x < Infinity, needs: 'a finite number, 0 or more' };
export const aboveZero: Range = { holds: (x) => x > 0 && x < Infinity, needs: 'a finite number above 0' };
export const finite: Range = { holds: Number.isFinite, needs: 'a finite number' };
export const fromZeroToOne: Range = { holds: (x) => x >= 0 && x <= 1, needs: 'a number from 0 to 1' };
export const aboveZeroToOne: Range = { holds: (x) => x > 0 && x <= 1, needs: 'above 0 and at most 1' };
export const wholeAtLeastZero: Range = {
  holds: (x) => Number.isInteger(x) && x >= 0,
  needs: 'a whole number, 0 or more',
};
export const wholeAboveZero: Range = { holds: (x) => Number.isInteger(x) && x > 0, needs: 'a whole number, 1 or more' };
export const learningRate: Range = {
  ...atLeastZero,
  fix: 'try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there',
};
export const belowOne: Range = { holds: (x) => x >= 0 && x < 1, needs: 'at least 0 and less than 1' };

/** Throws unless a setting of an optimizer, a schedule or the like is in its range. */
export function checkSetting(owner: object, name: string, value: unknown, range: Range): void {
  if (typeof value === 'number' && range.holds(value)) return;
  failOnSetting(owner, name, value, range.needs, range.fix ?? adviceFor(name));
}

/** Throws unless a setting is one of a few words. */
export function checkChoice(owner: object, name: string, value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  const shown = choices.map(show);
  const needs = shown.length === 1 ? `${shown[0]}` : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
  const plain = (word: unknown): string => String(word).replaceAll('_', '').toLowerCase();
  const meant = choices.find((choice) => plain(choice) === plain(value)) ?? choices[0];
  failOnSetting(owner, name, value, needs, `write ${name}: ${show(meant)}`);
}

function failOnSetting(owner: object, name: string, value: unknown, needs: string, fix: string): never {
  throw new GradtapeError(`${owner.constructor.name}: ${name} is out of range`, {
    got: `${name} = ${show(value)}`,
    needs,
    fix: value === undefined ? `it has no default: give ${name} yourself` : fix,
  });
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return typeof value === 'function' ? 'a function' : String(value);
}

/** All settings by name; one that is undefined must be given, or may be missing. */
export type Defaults<Settings> = { readonly [Name in keyof Settings]-?: Settings[Name] | undefined };

/**
 * The settings that are given, and the defaults of those that are not.
 *
 * @throws GradtapeError for a name that is not among the defaults.
 */
export function withDefaults<Settings extends object>(
  owner: object,
  defaults: Defaults<Settings>,
  given: Partial<Settings>,
): Settings {
  const stray = Object.keys(given).find((name) => !(name in defaults));
  if (stray !== undefined) {
    throw new GradtapeError(`${owner.constructor.name}: there is no setting ${stray}`, {
      got: `{ ${stray}: ${show(given[stray as keyof Settings])} }`,
      needs: `settings among ${Object.keys(defaults).join(', ')}`,
      fix: 'names are those of PyTorch in camelCase: weight_decay is weightDecay',
    });
  }
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(said) } as Settings;
}

/** A setting for all groups of an optimizer, or one for each. */
export type PerGroup<T> = T | readonly T[];

/** A group's own value of a setting. */
export function valueForGroup<T>(setting: PerGroup<T>, group: number): T {
  return Array.isArray(setting) ? setting[group] : (setting as T);
}

/** Throws unless a setting is in its range, for each group that it names; there must be as many as the optimizer has. */
export function checkPerGroup(owner: object, name: string, setting: unknown, groups: number, range: Range): void {
  if (!Array.isArray(setting)) {
    checkSetting(owner, name, setting, range);
    return;
  }
  if (setting.length !== groups)
    failOnSetting(
      owner,
      name,
      setting,
      `one number, or a list of ${groups}: one for each group`,
      'count the optimizer.paramGroups',
    );
  for (const [k, value] of setting.entries()) checkSetting(owner, `${name}[${k}]`, value, range);
}
