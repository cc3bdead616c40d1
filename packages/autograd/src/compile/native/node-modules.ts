/** The modules of Node that the native engine needs. */
export interface NodeModules {
  readonly childProcess: typeof import('node:child_process');
  readonly crypto: typeof import('node:crypto');
  readonly fs: typeof import('node:fs');
  readonly module: typeof import('node:module');
  readonly os: typeof import('node:os');
  readonly path: typeof import('node:path');
}

/** Found without imports that a browser's bundler would follow; nothing where there is no Node. */
export function nodeModules(): NodeModules | undefined {
  const find = globalThis.process?.getBuiltinModule;
  if (!find) return undefined;
  return {
    childProcess: find('node:child_process'),
    crypto: find('node:crypto'),
    fs: find('node:fs'),
    module: find('node:module'),
    os: find('node:os'),
    path: find('node:path'),
  };
}
