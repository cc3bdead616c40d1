import * as autograd from '@gradtape/autograd';
import * as autogradCompile from '@gradtape/autograd/compile';
import * as autogradExplain from '@gradtape/autograd/explain';
import * as autogradVerify from '@gradtape/autograd/verify';
import * as data from '@gradtape/data';
import * as nn from '@gradtape/nn';
import * as nnSensitivity from '@gradtape/nn/sensitivity';
import * as optim from '@gradtape/optim';
import * as plot from '@gradtape/plot';
import * as train from '@gradtape/train';
import { expect, test } from 'vitest';
import * as compile from './compile.ts';
import * as explain from './explain.ts';
import * as gradtape from './index.ts';
import * as sensitivity from './sensitivity.ts';
import * as verify from './verify.ts';

test('holds everything of autograd, and the other packages by name', () => {
  expect(Object.keys(gradtape).sort()).toEqual(
    [...Object.keys(autograd), 'data', 'nn', 'optim', 'plot', 'train'].sort(),
  );
  for (const [name, value] of Object.entries(autograd)) expect(gradtape).toHaveProperty(name, value);
  const { data: ofData, nn: ofNn, optim: ofOptim, plot: ofPlot, train: ofTrain } = gradtape;
  expect([ofData, ofNn, ofOptim, ofPlot, ofTrain]).toEqual([data, nn, optim, plot, train]);
});

test('has the other entries under names of their own', () => {
  expect([compile, explain, sensitivity, verify].map((entry) => ({ ...entry }))).toEqual(
    [autogradCompile, autogradExplain, nnSensitivity, autogradVerify].map((entry) => ({ ...entry })),
  );
});
