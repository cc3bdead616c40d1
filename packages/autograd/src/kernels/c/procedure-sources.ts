/** A procedure as lines of C, in which addresses are marked by {@link address}. */
export interface WrittenProcedure {
  /** The name of its C function. */
  readonly name: string;
  /** Declarations of its parameters, the memory first. */
  readonly parameters: readonly string[];
  readonly body: string;
}

/** What is below is a size or a step, and stays the constant that it is. */
const SMALLEST_ADDRESS = 2 ** 16;
const marked = /@(\d+)@/g;

/** A whole number, marked if it is so large that it can only be an address. */
export function address(value: number): string {
  return value >= SMALLEST_ADDRESS ? `@${value}@` : `${value}`;
}

/**
 * The functions of procedures, in their order. Those that differ in addresses only share a function, which takes what
 * differs: the steps of a recurrence are hundreds of procedures, and a compiler takes its time for each.
 */
export function procedureSources(procedures: readonly WrittenProcedure[]): string {
  const groups = new Map<string, WrittenProcedure[]>();
  for (const procedure of procedures) {
    const skeleton = [...procedure.parameters, procedure.body].join('\n').replaceAll(marked, '@');
    const group = groups.get(skeleton);
    if (group === undefined) groups.set(skeleton, [procedure]);
    else group.push(procedure);
  }
  const sources = new Map([...groups.values()].flatMap((group) => (group.length > 1 ? sharedSources(group) : [])));
  return procedures.map((procedure) => sources.get(procedure) ?? sourceOf(procedure)).join('\n');
}

function sourceOf({ name, parameters, body }: WrittenProcedure, attributes = 'unused'): string {
  const head = `static __attribute__((${attributes})) void ${name}(${parameters.join(', ')}) {`;
  return [head, body.replaceAll(marked, '$1'), '}', ''].join('\n');
}

/** The common function, in front of the first procedure, and each procedure as a call of it. */
function sharedSources(group: readonly WrittenProcedure[]): (readonly [WrittenProcedure, string])[] {
  const [first] = group;
  const constants = group.map(({ body }) => Array.from(body.matchAll(marked), ([, value]) => value));
  // Addresses that go together in all procedures are one number.
  const columns = constants[0].map((_, k) => constants.map((row) => row[k]).join(','));
  const differing = [...new Set(columns)].filter((column) => new Set(column.split(',')).size > 1);
  let next = 0;
  const body = first.body.replaceAll(marked, (_, value: string) => {
    const number = differing.indexOf(columns[next++]);
    return number < 0 ? value : `a${number}`;
  });
  const common = `${first.name}_and_others`;
  const parameters = [...first.parameters, ...differing.map((_, k) => `const I a${k}`)];
  const shared = sourceOf({ name: common, parameters, body }, 'noinline');
  return group.map((procedure, i) => {
    const given = procedure.parameters.map((parameter) => parameter.slice(parameter.lastIndexOf(' ') + 1));
    const call = [...given, ...differing.map((column) => column.split(',')[i])].join(', ');
    const own = sourceOf({ ...procedure, body: `${common}(${call});` });
    return [procedure, i === 0 ? `${shared}\n${own}` : own];
  });
}
