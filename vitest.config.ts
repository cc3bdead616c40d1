import { defineConfig, type ViteUserConfig } from 'vitest/config';

const roots = '{packages,examples,benchmarks,tools}';

// Both lists must name the condition, or tests would import the packages' `dist` instead of their sources.
const sources = {
  resolve: { conditions: ['@gradtape/source'], externalConditions: ['@gradtape/source'] },
};

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        ssr: sources,
        test: {
          name: 'unit',
          include: [`${roots}/**/*.test.ts`],
          // Against tests that hang, not against a slow or busy machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
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
