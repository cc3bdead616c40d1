import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Hook, nodeOf } from '../tape/node.ts';

/**
 * Calls `hook` with the cotangent of a tensor when a backward pass has completed it; what the hook returns, if anything,
 * goes on in its place. Returns a function that removes the hook.
 *
 * @throws GradtapeError if the tensor is not on a tape.
 */
export function registerHook(x: Tensor, hook: Hook): () => void {
  const node = nodeOf(x);
  if (node === undefined) {
    return fail('registerHook: the tensor is not on a tape', {
      got: 'a tensor that no derivative passes through',
      needs: 'a leaf with requiresGrad, a Parameter, or something computed from one',
      fix: 'create the inputs with { requiresGrad: true }',
    });
  }
  const hooks = node.hooks ?? [];
  node.hooks = hooks;
  hooks.push(hook);
  return () => {
    const at = hooks.indexOf(hook);
    if (at >= 0) hooks.splice(at, 1);
  };
}

/** Makes `backward` leave the cotangent of a tensor that is no leaf on its `grad`, too. */
export function retainGrad(x: Tensor): void {
  if (nodeOf(x)?.isLeaf) return;
  registerHook(x, (cotangent) => {
    x.grad = cotangent;
    return undefined;
  });
}
