import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { FAILURE_REASONS } from '../../../src/core/base/failure.ts';
import { probeSchema } from '../../../src/core/schema/asset.ts';
import {
  EXCHANGE_FORMATS,
  LOSS_CODES,
  LOSS_RULES,
  LOSS_THINGS,
} from '../../../src/core/interchange/model.ts';
import { CHECK_NAMES } from '../../../src/core/schema/certificate.ts';
import { exportStageSchema, exportStatusSchema } from '../../../src/core/schema/export.ts';
import { LOG_EVENTS } from '../../../src/core/schema/log.ts';
import { DEVIATION_CODES, STEP_REASONS } from '../../../src/core/schema/plan.ts';
import { en } from '../../../src/ui/messages/en.ts';
import { ko } from '../../../src/ui/messages/ko.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, at = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] => {
      const path = at === '' ? key : `${at}.${key}`;
      return typeof value === 'string' ? [[path, value]] : [...flatten(value, path)];
    }),
  );
}

/** Names and kinds of the placeholders at any depth: `{count, plural, …}` is "count plural". */
function placeholders(message: string): readonly string[] {
  const found = new Set<string>();
  let at = 0;
  const text = (): void => {
    while (at < message.length && message[at] !== '}') {
      if (message[at] === '{') argument();
      else at += 1;
    }
  };
  const argument = (): void => {
    const [all, name = '', kind] = /^\{\s*(\w+)\s*(?:,\s*(\w+)\s*,?)?/.exec(message.slice(at)) ?? ['{'];
    found.add(kind === undefined ? name : `${name} ${kind}`);
    at += all.length;
    while (at < message.length && message[at] !== '}') {
      if (message[at] === '{') {
        at += 1;
        text();
      }
      at += 1;
    }
    at += 1;
  };
  text();
  return [...found].sort();
}

/** Groups whose messages are chosen by a code. */
const BY_CODE: readonly string[] = [
  'failure',
  'failureShort',
  'reason',
  'deviation',
  'check',
  'checkText',
  'stage',
  'status',
  'warning',
  'importState',
  'tabs',
  'keys',
  'step',
  'engine',
  'encoderFault',
  'logEvent',
  'app.loss',
  'exchange',
  'loss',
  'lossThing',
  'lossRule',
  'lost',
  'handover.with',
  'handover.note',
  'handover.count',
  'handover.choice',
  'handover.what',
  'review.tool',
  'review.shape',
  'review.number',
];

const catalogues = { en: flatten(en), ko: flatten(ko) };

describe('the message catalogue', () => {
  it('has the same keys in both languages', () => {
    expect([...catalogues.ko.keys()].sort()).toEqual([...catalogues.en.keys()].sort());
  });

  it('has the same placeholders in both languages', () => {
    for (const [key, message] of catalogues.en) {
      // "many" and "one" need their number in one language only: names must be the same, that is all that is given.
      const names = (text: string) => [...new Set(placeholders(text).map((one) => one.split(' ')[0]))];
      expect(names(catalogues.ko.get(key) ?? ''), key).toEqual(names(message));
    }
  });

  it.each(['en', 'ko'] as const)('has a sentence for every code: %s', (language) => {
    const keys = [
      ...FAILURE_REASONS.map((reason) => `failure.${reason}`),
      ...FAILURE_REASONS.map((reason) => `failureShort.${reason}`),
      ...STEP_REASONS.map((reason) => `reason.${reason}`),
      ...DEVIATION_CODES.map((code) => `deviation.${code}`),
      ...CHECK_NAMES.map((name) => `check.${name}`),
      ...exportStageSchema.options.map((stage) => `stage.${stage}`),
      ...exportStatusSchema.options.map((status) => `status.${status}`),
      ...EXCHANGE_FORMATS.map((name) => `exchange.${name}`),
      ...LOSS_CODES.map((code) => `loss.${code}`),
      ...LOSS_THINGS.map((thing) => `lossThing.${thing}`),
      ...LOSS_RULES.map((rule) => `lossRule.${rule}`),
      ...LOG_EVENTS.map((event) => `logEvent.${event}`),
      ...probeSchema.shape.warnings.element.options.map((code) => `warning.${code}`),
    ];
    for (const key of keys) expect((catalogues[language].get(key) ?? '').length, key).toBeGreaterThan(0);
  });

  it.each(['en', 'ko'] as const)('can be rendered in full: %s', (language) => {
    const problems: string[] = [];
    const t = createTranslator({
      locale: language,
      messages: { en, ko }[language],
      onError: (error) => problems.push(error.message),
    });
    const translate = t as unknown as (key: string, values: Record<string, string | number>) => string;
    for (const [key, message] of catalogues[language]) {
      const names = placeholders(message).map((one) => one.split(' '));
      for (const count of [1, 2, 5]) {
        const values = Object.fromEntries(
          names.map(([name = '', kind]) => [name, kind === undefined ? 'x' : count]),
        );
        expect(translate(key, values), key).not.toMatch(/[{}]/);
      }
    }
    expect(problems).toEqual([]);
  });

  it('is written in Korean where it is Korean', () => {
    const same = [...catalogues.ko]
      .filter(([key, message]) => message === catalogues.en.get(key))
      .map(([key]) => key);
    expect(same).toEqual([
      'checkText.container',
      'checkText.sound',
      'activity.offPair',
      'job.stageNews',
      'app.name',
      'media.vfr',
      'details.degrees',
      'plan.estimateMoment',
      'plan.output',
    ]);
    for (const [key, message] of catalogues.ko) {
      if (!same.includes(key)) expect(message, key).toMatch(/[가-힣×]/);
    }
  });

  it('has no key that the interface does not use', () => {
    const files = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) return name === 'messages' ? [] : files(path);
        return /\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : [];
      });
    const source = files('src/ui').join('\n');
    const inGroup = (key: string): boolean => BY_CODE.some((group) => key.startsWith(`${group}.`));
    const unused = [...catalogues.en.keys()].filter((key) => !inGroup(key) && !source.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });
});
