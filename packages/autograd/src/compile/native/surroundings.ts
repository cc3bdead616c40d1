import { type NodeModules, nodeModules } from './node-modules.ts';

/** What of koffi is used: functions of shared libraries, declared in C. */
export interface Koffi {
  load(library: string): { func(declaration: string): (...values: readonly NativeValue[]) => NativeValue };
}

/** A part of a memory, a number, or an address that came from native code. */
export type NativeValue = ArrayBufferView | number | bigint | undefined;

/** What the native engine finds around it. Tests give it other surroundings. */
export interface Surroundings {
  readonly node: NodeModules | undefined;
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The number of this user, where the platform has such. */
  readonly user: number | undefined;
  /** Throws if it is not installed. */
  loadKoffi(): Koffi;
}

export const ownSurroundings: Surroundings = {
  node: nodeModules(),
  platform: globalThis.process?.platform ?? 'browser',
  environment: globalThis.process?.env ?? {},
  user: globalThis.process?.getuid?.(),
  loadKoffi: () => {
    const require = ownSurroundings.node?.module.createRequire(import.meta.url);
    return require?.('koffi');
  },
};
