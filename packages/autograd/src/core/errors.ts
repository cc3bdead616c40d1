/** What an error of gradtape tells: what was asked, what arrived, what would have worked, and how to get there. */
export interface Complaint {
  readonly got: string;
  readonly needs: string;
  readonly fix: string;
}

/** Every error that gradtape throws on purpose. Its message has four parts: operation, got, needs, fix. */
export class GradtapeError extends Error {
  readonly operation: string;
  readonly complaint: Complaint;

  constructor(operation: string, complaint: Complaint) {
    super(`${operation}\n  got:   ${complaint.got}\n  needs: ${complaint.needs}\n  fix:   ${complaint.fix}`);
    this.name = 'GradtapeError';
    this.operation = operation;
    this.complaint = complaint;
  }
}

/** Throws a {@link GradtapeError}; written as a function so that it can stand in an expression. */
export function fail(operation: string, complaint: Complaint): never {
  throw new GradtapeError(operation, complaint);
}
