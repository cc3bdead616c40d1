import * as autograd from '@gradtape/autograd';
import * as data from '@gradtape/data';
import * as nn from '@gradtape/nn';
import * as optim from '@gradtape/optim';
import * as plot from '@gradtape/plot';
import { expect, test } from 'vitest';
import * as gradtape from './index.ts';

test('holds everything of autograd, and the other packages by name', () => {
  expect(Object.keys(gradtape).sort()).toEqual([...Object.keys(autograd), 'data', 'nn', 'optim', 'plot'].sort());
  for (const [name, value] of Object.entries(autograd)) expect(gradtape).toHaveProperty(name, value);
  expect([gradtape.data, gradtape.nn, gradtape.optim, gradtape.plot]).toEqual([data, nn, optim, plot]);
});
