import { useEffect, useState } from 'react';
import type { ExportId } from '../../core/base/ids.ts';
import type { Failure } from '../../core/base/failure.ts';
import { useT } from '../messages/i18n.tsx';
import { FailureNote } from '../parts/controls.tsx';
import { asFailure, useSurroundings } from '../workspace/context.tsx';

/** The finished file, played where it is. */
export function ResultPlayer({ id }: { readonly id: ExportId }) {
  const t = useT();
  const { studio } = useSurroundings();
  const [result, setResult] = useState<{ readonly url: string; readonly name: string } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let url: string | null = null;
    let gone = false;
    studio.resultUrl(id).then(
      (answer) => {
        if (!answer.ok) {
          if (!gone) setFailure(answer.error);
          return;
        }
        url = answer.value.url;
        if (gone) URL.revokeObjectURL(url);
        else setResult(answer.value);
      },
      (error: unknown) => {
        if (!gone) setFailure(asFailure(error));
      },
    );
    return () => {
      gone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [studio, id]);
  if (failure !== null) return <FailureNote failure={failure} />;
  if (result === null) return <div className="result-player" aria-busy="true" />;
  return (
    <video
      className="result-player"
      src={result.url}
      controls
      autoPlay
      playsInline
      aria-label={t('job.video', { name: result.name })}
    />
  );
}
