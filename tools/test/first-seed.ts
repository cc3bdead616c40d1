// Test files share a process: in each, random numbers start where they do in a new one.
import { manualSeed } from '../../packages/autograd/src/core/random/default-generator.ts';

manualSeed(0);
