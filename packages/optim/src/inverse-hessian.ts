import { dot, fuse, type Tensor } from '@gradtape/autograd';

const addScaled = fuse((x, y, factor) => [(x as Tensor).add((y as Tensor).mul(factor as Tensor))]);

/** `x + factor y` in one pass, in the dtype of x. */
export function plusScaled(x: Tensor, y: Tensor, factor: number): Tensor {
  return addScaled(x, y, factor)[0] as Tensor;
}

/** A step that was taken, how the gradient changed over it, and one over their product. */
interface Change {
  readonly step: Tensor;
  readonly gradient: Tensor;
  readonly rho: number;
}

/** A product that is no larger tells of no positive curvature, or of rounding alone. */
const LEAST_CURVATURE = 1e-10;

/**
 * The estimate of the inverse Hessian that limited-memory BFGS makes of the latest steps and changes of the gradient. Nocedal and
 * Wright, Numerical Optimization, section 7.2.
 */
export class InverseHessian {
  #changes: readonly Change[] = [];

  /** What it remembers: steps and changes of the gradient, the oldest first. */
  get changes(): readonly { readonly step: Tensor; readonly gradient: Tensor }[] {
    return this.#changes;
  }

  /** Takes in a step and the change of the gradient over it, and forgets what is older than `size` of them. */
  remember(step: Tensor, gradient: Tensor, size: number): void {
    const product = dot(gradient, step).item();
    if (product > LEAST_CURVATURE)
      this.#changes = [...this.#changes, { step, gradient, rho: 1 / product }].slice(-size);
  }

  /** Its product with a vector: algorithm 7.4, the two loops. */
  times(vector: Tensor): Tensor {
    const alphas = new Map<Change, number>();
    let q = vector;
    for (const change of this.#changes.toReversed()) {
      const alpha = dot(change.step, q).item() * change.rho;
      alphas.set(change, alpha);
      q = plusScaled(q, change.gradient, -alpha);
    }
    let r = q.mul(this.#scale());
    for (const change of this.#changes) {
      const beta = dot(change.gradient, r).item() * change.rho;
      r = plusScaled(r, change.step, (alphas.get(change) as number) - beta);
    }
    return r;
  }

  /** γ of the estimate's beginning `γ I`: the latest curvature. */
  #scale(): number {
    const latest = this.#changes.at(-1);
    return latest ? 1 / latest.rho / dot(latest.gradient, latest.gradient).item() : 1;
  }
}
