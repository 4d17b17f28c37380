/** What the export did, worked out of its receipts. Pure. */
import type { CertificateJoin } from '../../core/schema/certificate.ts';
import type { Export, Receipt } from '../../core/schema/export.ts';
import type { PlanStep } from '../../core/schema/plan.ts';

/** Which engine did a step, and where it ran when that is known. */
export type Doer = Receipt['engine'] | 'hardware' | 'software';

/** One step of an export as it was really done. */
export interface DoneStep {
  readonly id: string;
  readonly kind: string;
  /** Position of the range it belongs to; null for what belongs to all. */
  readonly clip: number | null;
  /** Which one it is of several of its kind for the same range, from 1; null where it is the only one. */
  readonly piece: { readonly n: number; readonly total: number } | null;
  readonly doer: Doer;
  readonly reused: boolean;
  /** Null for packets that were copied: they are taken when the file is put together. */
  readonly cost: { readonly wallMs: number; readonly bytes: number } | null;
  readonly attempts: number;
  readonly argv: readonly string[];
}

/** How many steps came from where. Reused ones count as reused only. */
export interface WorkSummary {
  readonly webcodecs: number;
  readonly ffmpeg: number;
  readonly copied: number;
  readonly reused: number;
}

/** Where a codec of the browser ran: the engine's receipts hold the configuration it was given. */
function doerOf({ engine, argv }: Receipt): Doer {
  if (engine !== 'webcodecs') return engine;
  const settings = argv.join(' ');
  if (settings.includes('"prefer-hardware"')) return 'hardware';
  return settings.includes('"prefer-software"') ? 'software' : engine;
}

function isCopy(kind: string): boolean {
  return kind === 'copy-video' || kind === 'copy-audio';
}

/** Every step with a receipt, and the copies of a finished export, in the order of the plan. */
export function stepsDone(record: Export): readonly DoneStep[] {
  const places = new Map(record.plan.steps.map((step, place) => [step.id, { step, place }]));
  const rendered = record.receipts.map((receipt): DoneStep => {
    const step = places.get(receipt.stepId)?.step;
    return {
      id: receipt.stepId,
      kind: receipt.kind,
      clip: clipOf(receipt.stepId, step, record),
      piece: null,
      doer: doerOf(receipt),
      reused: receipt.reused,
      cost: receipt.engine === 'copy' ? null : { wallMs: receipt.wallMs, bytes: receipt.bytes },
      attempts: receipt.attempts,
      argv: receipt.argv,
    };
  });
  const told = new Set(record.receipts.map(({ stepId }) => stepId));
  const copies = record.plan.steps
    .filter((step) => record.status === 'completed' && isCopy(step.kind) && !told.has(step.id))
    // What was to be copied into a clip that failed is nowhere.
    .filter((step) => !('clip' in step) || record.parts?.[step.clip]?.status !== 'failed')
    .map((step): DoneStep => ({
      id: step.id,
      kind: step.kind,
      clip: 'clip' in step ? step.clip : null,
      piece: null,
      doer: 'copy',
      reused: false,
      cost: null,
      attempts: 1,
      argv: [],
    }));
  const placeOf = ({ id }: DoneStep): number => places.get(id)?.place ?? Infinity;
  return numbered([...rendered, ...copies].sort((a, b) => placeOf(a) - placeOf(b)));
}

/** The range of a step. Separate clips have their sound encoded each; their steps begin with the number of the clip. */
function clipOf(id: string, step: PlanStep | undefined, { parts }: Export): number | null {
  if (step !== undefined && 'clip' in step) return step.clip;
  const part = parts === undefined ? null : /^p(\d+)\./.exec(id);
  return part === null ? null : Number(part[1]) - 1;
}

/** Several steps of one kind for one range are told apart by their numbers. */
function numbered(steps: readonly DoneStep[]): readonly DoneStep[] {
  const same = ({ kind, clip }: DoneStep): string => `${kind}/${String(clip)}`;
  const totals = new Map<string, number>();
  for (const step of steps) totals.set(same(step), (totals.get(same(step)) ?? 0) + 1);
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const total = totals.get(same(step)) ?? 1;
    if (total === 1) return step;
    const n = (seen.get(same(step)) ?? 0) + 1;
    seen.set(same(step), n);
    return { ...step, piece: { n, total } };
  });
}

/** Counts steps by who did them. */
export function workOf(steps: readonly DoneStep[]): WorkSummary {
  const count = (test: (step: DoneStep) => boolean): number => steps.filter(test).length;
  return {
    webcodecs: count(({ doer, reused }) => !reused && doer !== 'ffmpeg' && doer !== 'copy'),
    ffmpeg: count(({ doer, reused }) => !reused && doer === 'ffmpeg'),
    copied: count(({ doer }) => doer === 'copy'),
    reused: count(({ doer, reused }) => reused && doer !== 'copy'),
  };
}

/** How many checks passed, and how many of all had nothing to compare. */
export function checksOf({ checks }: NonNullable<Export['certificate']>): {
  readonly passed: number;
  readonly skipped: number;
} {
  const skipped = checks.filter((check) => check.passed && check.skipped === true).length;
  return { passed: checks.filter((check) => check.passed).length - skipped, skipped };
}

/** What the certificate says of the joins, taken together. */
export interface JoinSummary {
  readonly clean: number;
  readonly total: number;
  /** Largest difference of a picture beside a join, 0..255; null where nothing was compared. */
  readonly difference: number | null;
  readonly problems: readonly Pick<CertificateJoin, 'atUs' | 'problem' | 'problemText'>[];
}

/** Sums up the joins of a certificate. */
export function joinsOf(certificate: NonNullable<Export['certificate']>): JoinSummary {
  const { joins } = certificate;
  const differences = joins.flatMap(({ difference }) => difference ?? []);
  return {
    clean: joins.filter(({ clean }) => clean).length,
    total: joins.length,
    difference: differences.length === 0 ? null : Math.max(...differences),
    problems: joins.filter(({ clean }) => !clean),
  };
}
