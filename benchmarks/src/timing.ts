import { performance } from 'node:perf_hooks';

/** One step of a workload, and its last loss. */
export interface Workload {
  /** What the result is called; a workload may have several parts. */
  readonly name: string;
  step(i: number): void;
  loss(): number;
  /** Floating-point operations of a step, where that is the measure. */
  readonly flops?: number;
}

const BUDGET_MS = Number(process.env.BUDGET_MS ?? 2000);
const WARM_MS = Number(process.env.WARM_MS ?? 800);
const MINIMUM_STEPS = 5;
/** The steps after which contestants compare losses, beside the first. */
const COMPARED = [11, 51];

/** Runs a workload, warm-up first, and prints one line of figures for whoever compares. */
export function measure(workload: Workload, info: Readonly<Record<string, unknown>>): void {
  const started = performance.now();
  workload.step(0);
  const losses = [workload.loss()];
  const first_ms = performance.now() - started;
  let done = 1;
  const next = (): number => {
    const before = performance.now();
    workload.step(done++);
    const elapsed = performance.now() - before;
    if (COMPARED.includes(done)) losses.push(workload.loss());
    return elapsed;
  };
  const warm = performance.now() + WARM_MS;
  while (performance.now() < warm || done < 3) next();
  const times: number[] = [];
  const [wallStart, cpuStart] = [performance.now(), process.cpuUsage()];
  while (performance.now() - wallStart < BUDGET_MS || times.length < MINIMUM_STEPS) times.push(next());
  const wall = performance.now() - wallStart;
  const cpu = process.cpuUsage(cpuStart);
  const sorted = [...times].sort((a, b) => a - b);
  const result = {
    ...info,
    workload: workload.name,
    flops: workload.flops,
    node: process.version,
    first_ms,
    median_ms: sorted[sorted.length >> 1],
    min_ms: sorted[0],
    mean_ms: wall / times.length,
    steps: times.length,
    total_steps: done,
    cpu_ratio: (cpu.user + cpu.system) / 1000 / wall,
    loss_at_1_11_51: losses,
    lossN: workload.loss(),
    rss_mb: process.resourceUsage().maxRSS / 1024,
  };
  console.log(`RESULT ${JSON.stringify(result)}`);
}
