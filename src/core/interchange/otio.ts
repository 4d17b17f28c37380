/** OpenTimelineIO: `.otio`, and the text of an `.otioz` bundle. */
import type { TextFormat } from './model.ts';
import { readOtio } from './otio-read.ts';
import { writeOtio } from './otio-write.ts';

/** OTIO. */
export const otio: TextFormat = {
  name: 'otio',
  sniff: (text) => {
    const head = text.slice(0, 20_000);
    if (!/^\ufeff?\s*\{/.test(head)) return 0;
    return head.includes('"OTIO_SCHEMA"') ? 1 : 0;
  },
  read: readOtio,
  write: (input) => writeOtio(input),
};
