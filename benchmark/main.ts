/**
 * Prints, as a Markdown table, what this library with its checks costs, as ratios to plain
 * cdk8s-plus-27 that writes the same objects by hand. Every figure is a median over runs
 * that alternate between the two, each in a fresh process.
 *
 *     npx projen benchmark [RUNS]
 */
import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { cpus } from 'os';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const RUNS = Number(process.argv[2] ?? 9);
const ROOT = join(__dirname, '..');

interface Sample {
  readonly ms: number;
  readonly kib: number;
}

interface Case {
  readonly name: string;
  readonly ours: string[];
  readonly plain: string[];
  readonly bar?: number;
  readonly memoryBar?: number;
}

function bundles(count: number, bar?: number, charts = 1): Case {
  const over = charts > 1 ? ` over ${charts} charts` : ' in one chart';
  const size = [`${count}`, `${charts}`, '0'];
  return { name: `${count} bundles${over}`, ours: ['ours', ...size], plain: ['plain', ...size], bar, memoryBar: 1.25 };
}

const cases: Case[] = [
  bundles(10),
  bundles(100, 1.25),
  bundles(1000, 1.25),
  bundles(3000, 1.25),
  bundles(1000, 1.20, 100),
  { name: 'one bundle among 999 plain sets', ours: ['ours', '1', '1', '999'], plain: ['plain', '1', '1', '999'], bar: 1.10, memoryBar: 1.25 },
  { name: 'import, beside cdk8s-plus-27', ours: ['import', '../../lib'], plain: ['import', 'cdk8s-plus-27'], bar: 1.2 },
];

const script = compileCase();
let missed = 0;
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}; medians of ${RUNS} alternating runs in fresh processes.\n`);
console.log('| | plain, ms | ours, ms | ratio | bar | plain, MiB | ours, MiB | ratio | bar |');
console.log('|---|---|---|---|---|---|---|---|---|');
const times = new Map<string, number>();
for (const { name, ours, plain, bar, memoryBar } of cases) {
  const samples = { ours: [] as Sample[], plain: [] as Sample[] };
  for (let run = 0; run < RUNS; run++) {
    // The first of a pair changes, so that neither profits from what the other warms.
    for (const which of run % 2 ? ['ours', 'plain'] as const : ['plain', 'ours'] as const) {
      samples[which].push(measure(which === 'ours' ? ours : plain));
    }
  }
  const [oursMs, plainMs] = [median(samples.ours, 'ms'), median(samples.plain, 'ms')];
  const [oursKib, plainKib] = [median(samples.ours, 'kib'), median(samples.plain, 'kib')];
  times.set(name, oursMs);
  console.log(`| ${[
    name,
    plainMs.toFixed(0), oursMs.toFixed(0), ...judged(oursMs / plainMs, bar),
    (plainKib / 1024).toFixed(0), (oursKib / 1024).toFixed(0), ...judged(oursKib / plainKib, memoryBar),
  ].join(' | ')} |`);
}
const growth = judged(times.get('3000 bundles in one chart')! / times.get('1000 bundles in one chart')!, 3.6);
console.log(`\n3000 bundles take ${growth[0]} times as long as 1000 (bar ${growth[1]}).`);
if (missed > 0) {
  console.log(`\n${missed} of the bars missed.`);
  process.exitCode = 1;
}

function judged(ratio: number, bar?: number): string[] {
  if (bar === undefined) return [ratio.toFixed(2), '–'];
  if (ratio > bar) missed++;
  return [ratio > bar ? `**${ratio.toFixed(2)}**` : ratio.toFixed(2), `≤ ${bar}`];
}

function measure(args: string[]): Sample {
  return JSON.parse(execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' }));
}

function median(samples: Sample[], key: keyof Sample): number {
  const sorted = samples.map(sample => sample[key]).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** Measured is the compiled library, without a transpiler in the process. */
function compileCase(): string {
  const folder = join(ROOT, 'dist', 'benchmark');
  mkdirSync(folder, { recursive: true });
  const source = readFileSync(join(__dirname, 'case.ts'), 'utf8');
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const file = join(folder, 'case.js');
  writeFileSync(file, outputText);
  return file;
}
