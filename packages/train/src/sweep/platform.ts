// The one file of this package that knows Node: its modules are loaded when first needed.
import type * as processes from 'node:child_process';
import type * as fs from 'node:fs/promises';
import type * as url from 'node:url';
import { GradtapeError } from '@gradtape/autograd';

/** The modules that a sweep needs. */
export interface Platform {
  readonly fs: typeof fs;
  readonly processes: typeof processes;
  readonly url: typeof url;
}

/** @throws GradtapeError where there are neither files nor processes. */
export function platform(what: string): Platform {
  const load = globalThis.process?.getBuiltinModule;
  if (load !== undefined) {
    return { fs: load('node:fs/promises'), processes: load('node:child_process'), url: load('node:url') };
  }
  throw new GradtapeError(`sweep: there are no ${what} here`, {
    got: 'a platform without Node modules',
    needs: 'Node or Deno',
    fix: 'in a page, call sweep with a function and without file',
  });
}
