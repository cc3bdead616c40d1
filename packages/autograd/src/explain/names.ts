const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega Delta Theta Sigma Phi Psi Omega';
const GREEK_LETTERS = [...'αβγδεζηθικλμνξπρστφχψωΔΘΣΦΨΩ'];
const greek: ReadonlyMap<string, string> = new Map(GREEK.split(' ').map((name, i) => [name, GREEK_LETTERS[i]]));

/** A name as LaTeX: what is LaTeX already stays, `W1` gets an index, words of several letters stand upright. */
export function latexName(name: string): string {
  const numbered = /^([A-Za-z])(\d+)$/.exec(name);
  if (numbered) return `${numbered[1]}_{${numbered[2]}}`;
  const isWord = /^[\w.]*$/.test(name) && /[.]|^[A-Za-z]{2}/.test(name);
  return isWord ? `\\mathrm{${name.replaceAll('_', '\\_')}}` : name;
}

const RAISED: Readonly<Record<string, string>> = marks('0123456789()+-nLlT', '⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻ⁿᴸˡᵀ');
const LOWERED: Readonly<Record<string, string>> = marks('0123456789()+-ijkn', '₀₁₂₃₄₅₆₇₈₉₍₎₊₋ᵢⱼₖₙ');

const ACCENTS: Readonly<Record<string, string>> = { hat: '\u0302', bar: '\u0304', tilde: '\u0303' };

function marks(plain: string, changed: string): Record<string, string> {
  const letters = [...changed];
  return Object.fromEntries([...plain].map((letter, i) => [letter, letters[i]]));
}

/** A name for terminals and pictures: `W_1` as W₁, `\delta^{(2)}` as δ⁽²⁾, as far as there are letters for it. */
export function plainName(name: string): string {
  return name
    .replace(/\\(?:mathrm|mathbf|mathcal|mathbb|text|operatorname)\{([^{}]*)\}/g, '$1')
    .replace(/\\(hat|bar|tilde)\{(\w)\}/g, (_, accent: string, letter: string) => letter + ACCENTS[accent])
    .replace(/\\([A-Za-z]+) ?/g, (whole, word: string) => greek.get(word) ?? whole.slice(1))
    .replace(/([_^])(?:\{([^{}]*)\}|(\w))/g, (whole, mark: string, group?: string, letter?: string) => {
      const text = group ?? letter ?? '';
      const alphabet = mark === '^' ? RAISED : LOWERED;
      return [...text].every((c) => c in alphabet) ? [...text].map((c) => alphabet[c]).join('') : whole;
    })
    .replace(/[{}\\]/g, '');
}
