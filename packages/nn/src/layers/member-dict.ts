import { GradtapeError } from '@gradtape/autograd';
import { Module } from '../module.ts';

/** What belongs to a module by name: `dict.get('name')`. */
export abstract class MemberDict<Members extends Readonly<Record<string, unknown>>> extends Module {
  /** @throws GradtapeError if a name is already that of a field or method of modules. */
  constructor(members: Members) {
    super();
    const taken = Object.keys(members).filter((name) => name in this);
    if (taken.length > 0) {
      throw new GradtapeError(`${this.constructor.name}: a name is taken`, {
        got: taken.join(', '),
        needs: 'names that modules have no field or method of',
        fix: 'choose another name, such as trainHead for train',
      });
    }
    // As fields, so that they are found under their names.
    Object.assign(this, members);
  }

  /** @throws GradtapeError if there is no member of that name. */
  get<Name extends keyof Members & string>(name: Name): Members[Name] {
    const found = new Map(this.entries()).get(name);
    if (found !== undefined) return found as Members[Name];
    throw new GradtapeError(`get: the ${this.constructor.name} has no such member`, {
      got: `'${name}'`,
      needs: `one of ${this.entries()
        .map(([known]) => `'${known}'`)
        .join(', ')}`,
      fix: 'check the spelling',
    });
  }

  /** The members under their names. */
  entries(): [name: keyof Members & string, member: Members[keyof Members]][] {
    return Object.entries(this).filter((entry): entry is [keyof Members & string, Members[keyof Members]] =>
      this.isMember(entry[1]),
    );
  }

  /** Whether a field holds a member. */
  protected abstract isMember(value: unknown): boolean;

  /** @throws GradtapeError always: a dictionary does not say how its members are used. */
  forward(): never {
    throw new GradtapeError(`forward: a ${this.constructor.name} computes nothing`, {
      got: 'dict.forward(…)',
      needs: 'a module that says how the members are used',
      fix: "use its members: dict.get('name')",
    });
  }
}
