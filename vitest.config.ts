import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

const roots = '{packages,examples,benchmarks,tools}';

// Both lists must name the condition, or tests would import the packages' `dist` instead of their sources.
const sources = {
  resolve: { conditions: ['@gradtape/source'], externalConditions: ['@gradtape/source'] },
};

/** Tests that import parts of the library anew, or have others stand in for them. */
const apart = [
  'packages/autograd/src/compile/refusal.test.ts',
  'packages/autograd/src/kernels/argument-of-extreme.test.ts',
  'packages/autograd/src/kernels/place.test.ts',
  'packages/autograd/src/kernels/wasm/vector-work.test.ts',
];

// Options that Node runs them with: set by `pnpm test:node24 --wide`.
const execArgv = (process.env.GRADTAPE_TEST_NODE_ARGS ?? '').split(' ').filter((option) => option !== '');

// Against tests that hang, not against a slow or busy machine.
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

const config: ViteUserConfig = defineConfig({
  test: {
    // Most files keep one processor busy: with one worker less than there are, a machine of two would use one.
    maxWorkers: '100%',
    projects: [
      {
        ssr: sources,
        test: {
          name: 'unit',
          include: [`${roots}/**/*.test.ts`],
          exclude: [...configDefaults.exclude, ...apart],
          // Files share a process, which imports the library once: that is a second less for each.
          isolate: false,
          execArgv,
          setupFiles: ['tools/test/first-seed.ts'],
          ...patience,
        },
      },
      {
        ssr: sources,
        test: { name: 'apart', include: apart, execArgv, ...patience },
      },
      {
        ssr: sources,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: [`${roots}/**/*.test-d.ts`],
            exclude: ['**/node_modules', '**/inferred-shapes'],
            tsconfig: './tsconfig.json',
            // `pnpm types` reports errors of the sources; here only those of the type tests count.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        // A program of its own: it asks for the shapes of literals, which holds for the whole program.
        ssr: sources,
        test: {
          name: 'inferred shapes',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/nn/inferred-shapes/*.test-d.ts'],
            tsconfig: './packages/nn/inferred-shapes/tsconfig.json',
            ignoreSourceErrors: true,
          },
        },
      },
    ],
  },
});

export default config;
