import { withRecording } from '../tape/bind.ts';

/** Runs a function without recording: what it computes is constant to every derivative, and costs no tape. */
export function noGrad<T>(run: () => T): T {
  return withRecording(false, run);
}

/** Runs a function with recording, inside of a `noGrad`. */
export function enableGrad<T>(run: () => T): T {
  return withRecording(true, run);
}
