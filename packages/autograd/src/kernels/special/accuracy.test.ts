import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evenly } from '../../verify/evenly.ts';
import { vectorScalarMath } from '../elementary/vector-scalar-math.ts';
import { VectorInterpreter } from '../interpret-vectors.ts';
import { numbers } from '../numbers.ts';
import type { ScalarMath } from '../scalar-math.ts';
import { besselI0, besselI1, scaledBesselI0, scaledBesselI1 } from './bessel.ts';
import {
  complementaryErrorFunction,
  logNormalDistribution,
  scaledComplementaryErrorFunction,
} from './error-functions.ts';
import { logGamma } from './gamma.ts';
import { inverseErrorFunction, inverseNormalDistribution } from './inverse-normal.ts';
import { digamma, hurwitzZeta, trigamma } from './polygamma.ts';

type Special = <T>(m: ScalarMath<T>, x: T) => T;
type Values = readonly (readonly [x: number, value: number])[];

/** ψ⁽ⁿ⁾ for n from 1 to 6. */
const ofOrder =
  (n: number): Special =>
  (m, x) => {
    const factor = [-1, 1, -2, 6, -24, 120, -720][n] as number;
    return m.mul(m.constant(factor), hurwitzZeta(m, x, m.constant(n + 1)));
  };

/** Computed with 50 digits (mpmath 1.3) from the float64 nearest to each x. Units in the last place that may be lacking. */
const published: readonly (readonly [name: string, f: Special, ulps: number, values: Values])[] = [
  [
    'erfc',
    complementaryErrorFunction,
    4,
    [
      [-6.0, 2.0],
      [-2.0, 1.9953222650189528],
      [-0.3, 1.3286267594591274],
      [0.1, 0.887537083981715],
      [0.46875, 0.507386526782062],
      [0.5, 0.4795001221869535],
      [1.0, 0.15729920705028513],
      [2.0, 0.004677734981047266],
      [4.0, 1.541725790028002e-8],
      [5.0, 1.537459794428035e-12],
      [10.0, 2.088487583762545e-45],
      [20.0, 5.395865611607901e-176],
      [26.5, 2.2109076642637343e-307],
    ],
  ],
  [
    'erfcx',
    scaledComplementaryErrorFunction,
    4,
    [
      [-20.0, 1.0442939379528289e174],
      [-5.0, 144009798674.66104],
      [-1.0, 5.008980080762283],
      [-0.25, 1.358642370104722],
      [0.25, 0.7703465477309968],
      [0.5, 0.6156903441929259],
      [1.0, 0.427583576155807],
      [3.0, 0.17900115118138996],
      [4.0, 0.13699945762506138],
      [10.0, 0.05614099274382259],
      [100.0, 0.0056416137829894296],
      [100000000.0, 5.641895835477562e-9],
      [1e200, 5.641895835477563e-201],
    ],
  ],
  [
    'logNdtr',
    logNormalDistribution,
    40,
    [
      [-100000.0, -5000000012.431864],
      [-1000.0, -500007.82669481216],
      [-40.0, -804.6084420137538],
      [-10.0, -53.23128515051247],
      [-2.0, -3.783184333682032],
      [-1.0, -1.8410216450092636],
      [-0.5, -1.1759117615936185],
      [0.0, -Math.LN2],
      [1.0, -0.17275377902344988],
      [3.0, -0.0013508099647481938],
      [8.0, -6.220960574271786e-16],
    ],
  ],
  [
    'erfinv',
    inverseErrorFunction,
    4,
    [
      [-0.999, -2.3267537655135246],
      [-0.5, -0.4769362762044699],
      [-1e-10, -8.862269254527581e-11],
      [1e-300, 8.86226925452758e-301],
      [0.1, 0.08885599049425769],
      [0.42, 0.3913020878028321],
      [0.43, 0.4016730665386735],
      [0.85, 1.0179024648320276],
      [0.9, 1.1630871536766743],
      [0.99, 1.8213863677184494],
      [0.999999, 3.458910737275499],
      [0.9999999999990905, 5.05125408524939],
      [0.9999999999999999, 5.8635847487551676],
    ],
  ],
  [
    'ndtri',
    inverseNormalDistribution,
    4,
    [
      [1e-300, -37.0470962993612],
      [1e-100, -21.273453560965326],
      [1e-12, -7.034483825301132],
      [1.4e-11, -6.656723091518184],
      [0.001, -3.0902323061678136],
      [0.07, -1.4757910281791706],
      [0.08, -1.4050715603096327],
      [0.3, -0.5244005127080408],
      [0.5, 0.0],
      [0.6, 0.2533471031357997],
      [0.95, 1.6448536269514722],
      [0.999, 3.090232306167813],
      [0.9999999990686774, 6.009353565530744],
    ],
  ],
  [
    'lgamma',
    logGamma,
    4,
    [
      [1e-300, 690.7755278982137],
      [1e-5, 11.512919692895826],
      [0.1, 2.252712651734206],
      [0.5, 0.5723649429247001],
      [0.999, 0.0005780385328913802],
      [1.001, -0.0005763935982833062],
      [1.4616321, -0.12148629053584863],
      [1.75, -0.08440112102048555],
      [1.999999, -4.227840125965854e-7],
      [2.000001, 4.2278465762452923e-7],
      [2.5, 0.2846828704729192],
      [3.0, Math.LN2],
      [5.5, 3.9578139676187165],
      [7.999, 8.523145786158915],
      [8.0, 8.525161361065415],
      [8.001, 8.527177069108927],
      [10.0, 12.801827480081469],
      [100.0, 359.1342053695754],
      [100000.0, 1051287.7089736569],
      [1e100, 2.2925850929940456e102],
      [-1e-10, 23.025850929998178],
      [-0.5, 1.2655121234846454],
      [-1.5, 0.860047015376481],
      [-10.25, -14.20399790093109],
    ],
  ],
  [
    'digamma',
    digamma,
    4,
    [
      [1e-300, -9.999999999999999e299],
      [1e-5, -100000.57719921567],
      [0.1, -10.423754940411076],
      [0.5, -1.9635100260214235],
      [0.999, -0.5788618021086455],
      [1.0, -0.5772156649015329],
      [1.4616, -3.110625123034165e-5],
      [1.4617, 6.56593922936765e-5],
      [2.0, 0.42278433509846713],
      [2.5, 0.7031566406452432],
      [7.999, 2.015508332090348],
      [8.0, 2.01564147795561],
      [8.001, 2.0157746061213024],
      [10.0, 2.251752589066721],
      [100.0, 4.600161852738087],
      [100000.0, 11.512920464961896],
      [1e300, 690.7755278982137],
      [-1e-10, 9999999999.422785],
      [-0.25, 2.9141391202135276],
      [-1.3, 2.8825405488661673],
      [-10.75, -0.7208957601671612],
    ],
  ],
  [
    'trigamma',
    trigamma,
    4,
    [
      [0.001, 1000001.6425331958],
      [0.5, 4.934802200544679],
      [1.0, 1.6449340668482264],
      [2.5, 0.49035775610023485],
      [7.999, 0.1331547166131586],
      [8.0, 0.1331370146940314],
      [10.0, 0.10516633568168575],
      [100.0, 0.010050166663333571],
      [100000.0, 1.0000050000166667e-5],
      [-0.25, 18.541879647671607],
      [-1.4, 10.396413752535013],
      [-10.75, 19.650378280099094],
    ],
  ],
  [
    'polygamma 2',
    ofOrder(2),
    12,
    [
      [0.001, -2000000002.3976321],
      [0.5, -16.82879664423432],
      [1.0, -2.4041138063191885],
      [2.5, -0.2362040516417274],
      [7.999, -0.01770426937012624],
      [8.0, -0.017699569195767775],
      [10.0, -0.011049834970802067],
      [100.0, -0.00010100499983335],
      [100000.0, -1.00001000005e-10],
      [-0.25, 122.69736678366236],
      [-1.4, 22.0160314366175],
      [-10.75, -124.0329924197052],
    ],
  ],
  [
    'polygamma 3',
    ofOrder(3),
    12,
    [
      [0.001, 6000000000006.469],
      [0.5, 97.40909103400244],
      [1.0, 6.493939402266829],
      [2.5, 0.22390584881725206],
      [7.999, 0.004701109085959767],
      [8.0, 0.004699239795945104],
      [10.0, 0.0023199013042898686],
      [100.0, 2.030199990001333e-6],
      [100000.0, 2.0000300002e-15],
      [-0.25, 1555.7633125348507],
      [-1.4, 283.34389027483365],
      [-10.75, 1558.5440573914796],
    ],
  ],
  [
    'polygamma 6',
    ofOrder(6),
    16,
    [
      [0.001, -7.199999999999998e23],
      [0.5, -92203.45792380303],
      [1.0, -726.0114797149845],
      [2.5, -1.318006107550035],
      [7.999, -0.0006545259785393411],
      [8.0, -0.0006540077388357523],
      [10.0, -0.0001601508710767886],
      [100.0, -1.2364199496131948e-10],
      [100000.0, -1.20003600042e-28],
      [-0.25, 11791071.073496904],
      [-1.4, 413773.4295160759],
      [-10.75, -11791224.761298984],
    ],
  ],
  [
    'i0',
    besselI0,
    4,
    [
      [0.0, 1.0],
      [0.5, 1.0634833707413236],
      [1.0, 1.2660658777520084],
      [5.0, 27.239871823604446],
      [7.999, 427.1644313152026],
      [8.0, 427.5641157218048],
      [8.001, 427.96417770840884],
      [20.0, 43558282.559553534],
      [100.0, 1.0737517071310738e42],
      [700.0, 1.5295933476718737e302],
    ],
  ],
  [
    'i1',
    besselI1,
    10,
    [
      [1e-300, 5e-301],
      [1e-5, 5.0000000000625004e-6],
      [0.5, 0.2578943053908963],
      [1.0, 0.565159103992485],
      [5.0, 24.335642142450528],
      [7.9, 363.8539440845084],
      [8.001, 400.25089627518514],
      [20.0, 42454973.38512777],
      [100.0, 1.0683693903381625e42],
      [700.0, 1.5285003902339006e302],
      [-3.0, -3.9533702174026093],
    ],
  ],
  [
    'i0e',
    scaledBesselI0,
    4,
    [
      [-3.0, 0.2430003541618254],
      [0.0, 1.0],
      [0.5, 0.6450352704491501],
      [8.0, 0.14343178185685032],
      [8.001, 0.14342249347357044],
      [100.0, 0.03994437929909668],
      [5000.0, 0.005642036898744589],
    ],
  ],
  [
    'i1e',
    scaledBesselI1,
    10,
    [
      [-3.0, -0.19682671329730086],
      [0.5, 0.1564208031848717],
      [7.9, 0.13489649943989376],
      [8.001, 0.13413501537956068],
      [100.0, 0.03974415302513025],
      [5000.0, 0.005641472666838886],
    ],
  ],
];

describe('values of float64 are the published ones but for some units in the last place', () => {
  test.each(published)('%s', (_, f, ulps, values) => {
    const misses = values.filter(([x, value]) => {
      return !(Math.abs(f(numbers, x) - value) <= ulps * 2 ** -52 * Math.abs(value));
    });
    expect(misses.map(([x, value]) => `${f(numbers, x)} at ${x}, not ${value}`)).toEqual([]);
  });
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('at zeros, infinities, poles and NaN', () => {
  test.each<[string, Special, Values]>([
    [
      'erfc',
      complementaryErrorFunction,
      [
        [0, 1],
        [-0, 1],
        [inf, 0],
        [-inf, 2],
        [30, 0],
        [nan, nan],
      ],
    ],
    [
      'erfcx',
      scaledComplementaryErrorFunction,
      [
        [0, 1],
        [inf, 0],
        [-inf, inf],
        [-30, inf],
        [nan, nan],
      ],
    ],
    [
      'logNdtr',
      logNormalDistribution,
      [
        [inf, -0],
        [-inf, -inf],
        [nan, nan],
      ],
    ],
    [
      'erfinv',
      inverseErrorFunction,
      [
        [0, 0],
        [-0, -0],
        [1, inf],
        [-1, -inf],
        [1.5, nan],
        [-inf, nan],
        [nan, nan],
      ],
    ],
    [
      'ndtri',
      inverseNormalDistribution,
      [
        [0, -inf],
        [0.5, 0],
        [1, inf],
        [1.5, nan],
        [-0.5, nan],
        [nan, nan],
      ],
    ],
    [
      'lgamma',
      logGamma,
      [
        [0, inf],
        [-0, inf],
        [1, 0],
        [2, 0],
        [-3, inf],
        [inf, inf],
        [-inf, inf],
        [nan, nan],
      ],
    ],
    [
      'digamma',
      digamma,
      [
        [0, -inf],
        [-0, inf],
        [-3, nan],
        [inf, inf],
        [-inf, nan],
        [nan, nan],
      ],
    ],
    [
      'trigamma',
      trigamma,
      [
        [0, inf],
        [-0, inf],
        [-3, inf],
        [inf, 0],
        [nan, nan],
      ],
    ],
    [
      'polygamma 2',
      ofOrder(2),
      [
        [0, -inf],
        [-3, -inf],
        [inf, -0],
        [nan, nan],
      ],
    ],
    [
      'i0',
      besselI0,
      [
        [0, 1],
        [-0, 1],
        [720, inf],
        [nan, nan],
      ],
    ],
    [
      'i1',
      besselI1,
      [
        [0, 0],
        [-0, -0],
        [720, inf],
        [-720, -inf],
        [nan, nan],
      ],
    ],
    [
      'i0e',
      scaledBesselI0,
      [
        [0, 1],
        [inf, 0],
        [-inf, 0],
        [nan, nan],
      ],
    ],
    [
      'i1e',
      scaledBesselI1,
      [
        [0, 0],
        [-0, -0],
        [inf, 0],
        [-inf, -0],
        [nan, nan],
      ],
    ],
  ])('%s', (_, f, values) => {
    expect(values.map(([x]) => f(numbers, x))).toEqual(values.map(([, value]) => value));
  });
});

describe('identities', () => {
  const holds = (low: number, high: number, difference: (x: number) => number): void => {
    fc.assert(
      fc.property(evenly(low, high), (x) => {
        expect(Math.abs(difference(x))).toBeLessThan(1e-14);
      }),
    );
  };
  const relative = (a: number, b: number): number => (a - b) / Math.max(1, Math.abs(b));

  test('erf + erfc = 1, and erfcx is erfc without its decay', () => {
    holds(-5, 5, (x) => relative(numbers.erf(x) + complementaryErrorFunction(numbers, x), 1));
    holds(-5, 5, (x) => {
      const scaled = scaledComplementaryErrorFunction(numbers, x);
      return relative(scaled * Math.exp(-x * x), complementaryErrorFunction(numbers, x));
    });
  });

  test('inverses', () => {
    holds(-1, 1, (p) => relative(numbers.erf(inverseErrorFunction(numbers, p)), p));
    holds(0.001, 1, (p) => {
      const x = inverseNormalDistribution(numbers, p);
      return relative(complementaryErrorFunction(numbers, -x * Math.SQRT1_2) / 2, p);
    });
  });

  test('Γ(x + 1) = x Γ(x), and what follows for ψ and its derivatives', () => {
    holds(0.01, 20, (x) => relative(logGamma(numbers, x + 1), logGamma(numbers, x) + Math.log(x)));
    holds(0.5, 20, (x) => relative(digamma(numbers, x + 1), digamma(numbers, x) + 1 / x));
    holds(0.5, 20, (x) => relative(trigamma(numbers, x + 1), trigamma(numbers, x) - 1 / (x * x)));
    holds(0.5, 20, (x) => relative(ofOrder(1)(numbers, x), trigamma(numbers, x)));
    holds(1, 20, (x) => relative(ofOrder(2)(numbers, x + 1), ofOrder(2)(numbers, x) + 2 / x ** 3));
  });

  test('I₀ is even, I₁ odd', () => {
    fc.assert(
      fc.property(evenly(0, 100), (x) => {
        expect(besselI0(numbers, -x)).toBe(besselI0(numbers, x));
        expect(besselI1(numbers, -x)).toBe(-besselI1(numbers, x));
      }),
    );
  });
});

describe('the same formulas in vectors of float32 are within some units in the last place', () => {
  const lanes = 2 ** 11;
  test.each<[string, Special, ulps: number, low: number, high: number]>([
    ['erfc', complementaryErrorFunction, 4, -6, 9],
    ['erfcx', scaledComplementaryErrorFunction, 3, -9, 50],
    ['erfinv', inverseErrorFunction, 4, -1, 1],
    ['ndtri', inverseNormalDistribution, 4, 0, 1],
    ['lgamma', logGamma, 3, 0, 20],
    ['digamma', digamma, 3, 0, 20],
    ['trigamma', trigamma, 3, 0, 20],
    ['polygamma 3', ofOrder(3), 4, 0.01, 20],
    ['i0', besselI0, 4, -50, 50],
    ['i1', besselI1, 12, -50, 50],
    ['i0e', scaledBesselI0, 4, -50, 50],
    ['i1e', scaledBesselI1, 12, -50, 50],
  ])('%s', (_, f, ulps, low, high) => {
    const x = Float32Array.from({ length: lanes }, (_, i) => low + ((high - low) * (i + 0.5)) / lanes);
    for (const roundings of [1, 2] as const) {
      const m = vectorScalarMath(new VectorInterpreter(lanes, 'float32', roundings));
      const actual = m.numberOf(f(m, m.fromNumbers(x)));
      const misses = [...x].filter((entry, i) => {
        const exact = f(numbers, entry);
        return !(Math.abs(actual[i] - exact) <= ulps * 2 ** -23 * Math.abs(exact));
      });
      expect(misses).toEqual([]);
    }
  });
});
