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
            tsconfig: './tsconfig.json',
            // `pnpm types` reports errors of the sources; here only those of the type tests count.
            ignoreSourceErrors: true,
          },
        },
      },
    ],
  },
});

export default config;
