import * as autograd from '@gradtape/autograd';
import { expect, test } from 'vitest';
import * as functional from './functional.ts';

test('these are the functions of autograd', () => {
  const same: Readonly<Record<string, unknown>> = autograd;
  for (const [name, fn] of Object.entries(functional)) expect(fn).toBe(same[name]);
});
