import { useCallback, useEffect, useRef, useState } from 'react';
import type { EncoderAnswer, MeasureProgress } from '../../app/studio/types.ts';
import { useSurroundings } from '../workspace/context.tsx';

/** Where a measurement stands. */
export type Measuring =
  | { readonly state: 'idle' }
  | { readonly state: 'done' }
  | { readonly state: 'stopped' }
  | { readonly state: 'running'; readonly progress: MeasureProgress | null };

/** What is known of the encoders, and measuring the rest. Ends with the component. */
export function useMeasure(): {
  readonly known: readonly EncoderAnswer[];
  readonly measuring: Measuring;
  readonly start: () => void;
  readonly stop: () => void;
} {
  const { diagnostics } = useSurroundings().studio;
  const [known, setKnown] = useState(() => diagnostics.known());
  const [measuring, setMeasuring] = useState<Measuring>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    running.current?.abort();
  }, []);
  useEffect(() => stop, [stop]);
  const start = useCallback(() => {
    if (running.current !== null) return;
    const controller = new AbortController();
    running.current = controller;
    setMeasuring({ state: 'running', progress: null });
    const end = (state: 'done' | 'stopped'): void => {
      running.current = null;
      setKnown(diagnostics.known());
      setMeasuring({ state });
    };
    diagnostics
      .measureAll((progress) => {
        setKnown(diagnostics.known());
        setMeasuring({ state: 'running', progress });
      }, controller.signal)
      .then(
        (result) => {
          end(result.ok ? 'done' : 'stopped');
        },
        () => {
          end('stopped');
        },
      );
  }, [diagnostics]);
  return { known, measuring, start, stop };
}
