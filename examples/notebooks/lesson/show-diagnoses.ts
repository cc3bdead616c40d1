import type { Tensor } from '@gradtape/autograd';
import { type Claimed, checkDerivation, type Inputs } from '@gradtape/autograd/verify';
import type { Told } from '../course.ts';
import { showTable } from './show.ts';

/** A derivation that is wrong on purpose: what is wrong with it, and what its diagnosis must say. */
export interface Broken extends Told {
  readonly claimed: (...inputs: Tensor[]) => Claimed;
  readonly named: RegExp;
}

/** Breaks a derivation on purpose: a table of what `checkDerivation` says each time. Gives how many mistakes it named. */
export async function showDiagnoses(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  broken: readonly Broken[],
): Promise<number> {
  const said = broken.map(({ claimed }) =>
    checkDerivation(claimed, f, inputs)
      .diagnoses.map(({ says }) => says.split('\n')[0])
      .join(' '),
  );
  await showTable(
    ['broken on purpose', '故意写错', 'what `checkDerivation` says'],
    broken.map(({ en, zh }, k) => [en, zh, said[k] || 'nothing: it passed']),
  );
  return broken.filter(({ named }, k) => named.test(said[k] as string)).length;
}
