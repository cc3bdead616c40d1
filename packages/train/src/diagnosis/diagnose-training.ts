import { GradtapeError } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import type { History } from '../loop/index.ts';
import type { LayerSnapshot } from '../statistics/index.ts';
import { findByLayers, isMoving } from './by-layers.ts';
import { findByLosses } from './by-losses.ts';
import { findByPairing } from './by-pairing.ts';
import { type Finding, symptoms } from './finding.ts';

/** What a diagnosis can look at: the more, the more it sees. */
export interface TrainingEvidence {
  /** What `fit` returned; or the losses of the batches, of a loop of one's own. */
  readonly history?: History | readonly number[];
  /** The recorded steps: a `LayerStatistics`, or its snapshots. */
  readonly statistics?: { readonly snapshots: readonly LayerSnapshot[] };
  /** How many classes a classifier by cross-entropy has: it starts at log(classes). */
  readonly classes?: number;
  /** The model, with its loss: whether its last module and the loss belong together. */
  readonly model?: Module;
  /** A loss as a module: `new CrossEntropyLoss()`. */
  readonly criterion?: Module;
}

/** What is wrong with a training. */
export class TrainingDiagnosis {
  /** In the order in which to look after them. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    this.findings = findings;
  }

  get isHealthy(): boolean {
    return this.findings.length === 0;
  }

  /** Each finding with what was seen, where, and the remedy. */
  toString(): string {
    if (this.isHealthy) return 'nothing conspicuous';
    return this.findings
      .map(({ symptom, seen, layers, remedy }) => {
        const place = layers === undefined ? '' : ` (${layers.join(', ')})`;
        return `${symptom}: ${seen}${place}\n  remedy: ${remedy}`;
      })
      .join('\n');
  }
}

/**
 * Names what is sick in a training, with the remedy, in the order of 训练技巧 八、额外提示: pairing of output and loss,
 * gradients and activations by layer, labels and order of the samples, the rate, and the gap between training and held-out
 * loss. It goes by thresholds: a hint where to look, no proof.
 *
 * @throws GradtapeError if there is nothing to look at.
 * @example
 * const losses = [2.3, 5.1, 80, 4000, Number.NaN];
 * const diagnosis = diagnoseTraining({ history: losses });
 * diagnosis.findings[0]?.symptom; // 'rate too large'
 * diagnosis.findings[0]?.seen; // 'the loss is NaN from batch 5 on'
 */
export function diagnoseTraining(evidence: TrainingEvidence): TrainingDiagnosis {
  const { history, statistics, classes, model, criterion } = evidence;
  const hasPair = model !== undefined && criterion !== undefined;
  if (history === undefined && statistics === undefined && !hasPair) failOnNothing(Object.keys(evidence));
  const snapshots = statistics?.snapshots ?? [];
  const found = [
    ...(hasPair ? findByPairing(model, criterion) : []),
    ...findByLayers(snapshots),
    ...(history === undefined ? [] : findByLosses(asHistory(history), classes, isMoving(snapshots))),
  ];
  return new TrainingDiagnosis(found.toSorted((a, b) => symptoms.indexOf(a.symptom) - symptoms.indexOf(b.symptom)));
}

/** Losses alone are those of epochs with one batch each. */
function asHistory(given: History | readonly number[]): History {
  if (!isList(given)) return given;
  return { train: { loss: [...given] }, validation: {}, batches: { loss: [...given] } };
}

function isList(given: History | readonly number[]): given is readonly number[] {
  return Array.isArray(given);
}

function failOnNothing(given: readonly string[]): never {
  throw new GradtapeError('diagnoseTraining: there is nothing to look at', {
    got: given.join(', ') || 'no evidence',
    needs: 'a history, statistics, or a model with its criterion',
    fix: 'diagnoseTraining({ history: await fit(…), statistics, classes: 10 })',
  });
}
