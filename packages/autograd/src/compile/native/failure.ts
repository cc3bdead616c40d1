import { type Complaint, GradtapeError } from '../../core/errors.ts';

export type FailureReason = 'not Node' | 'no compiler' | 'no koffi' | 'build failed';

/** Why there is no native program. It is returned, not thrown: the caller computes in another way, and may tell. */
export class NativeFailure extends GradtapeError {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, complaint: Complaint) {
    super('compile (native)', complaint);
    this.name = 'NativeFailure';
    this.reason = reason;
  }
}
