import { useEffect, useMemo, useRef, useState } from 'react';
import type { AssetView } from '../../app/studio/types.ts';
import { rateOf, timecode } from '../format/text.ts';
import { useT } from '../messages/i18n.tsx';
import { IconButton } from '../parts/controls.tsx';
import { CommentLane, LANE_HEIGHT } from '../review/CommentLane.tsx';
import { useCommentsOf } from '../review/useReview.ts';
import { usePlayer, useSurroundings, useWatchPart, useWorkspace } from '../workspace/context.tsx';
import { layBlocks, type BlockArea } from './blocks.ts';
import { drawTimeline, KEYS_HEIGHT, readTheme, RULER_HEIGHT } from './draw.ts';
import { keyFrameTimes } from './frames.ts';
import { Overview } from './Overview.tsx';
import {
  clampView,
  closestScale,
  fitView,
  resizeView,
  reveal,
  scaleToSlider,
  sliderToScale,
  xOf,
  zoomAt,
  type View,
} from './scale.ts';
import { useTimelinePointer } from './useTimelinePointer.ts';
import { onZoom } from './zoom-signal.ts';

const AREA_TOP = RULER_HEIGHT + KEYS_HEIGHT + 3;

/** Ruler, key frames, ranges and playhead of the open file. */
export function Timeline({ view: asset }: { readonly view: AssetView | null }) {
  const t = useT();
  const { studio, workspace } = useSurroundings();
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [stored, setView] = useState<View>(fitView(1, 1));
  const [themeVersion, setThemeVersion] = useState(0);

  const player = useWorkspace((state) => state.player);
  const marks = useWorkspace((state) => state.marks);
  const selected = useWorkspace((state) => state.clipId);
  const clips = useWatchPart(studio.document, (state) => state.document.clips);
  const index = usePlayer((state) => state.index);
  const indexing = usePlayer((state) => state.indexing);
  const playerDuration = usePlayer((state) => state.durationUs);

  const rate = rateOf(asset?.asset ?? null);
  const assetId = asset?.asset.id ?? null;
  const durationUs = playerDuration > 0 ? playerDuration : (asset?.asset.probe.durationUs ?? 1);
  const closest = closestScale((1_000_000 * rate.den) / rate.num, durationUs, box.width);
  // The stored view may belong to another file or to a screen of another width.
  const view = useMemo(() => {
    if (stored.durationUs !== durationUs) return fitView(durationUs, box.width);
    if (stored.widthPx !== box.width) return resizeView(stored, box.width, closest);
    return clampView(stored, closest);
  }, [stored, durationUs, box.width, closest]);

  const { blocks, lanes } = useMemo(
    () =>
      layBlocks(
        clips.flatMap((clip, position) => (clip.assetId === assetId ? [{ clip, number: position + 1 }] : [])),
      ),
    [clips, assetId],
  );
  const commented = useCommentsOf(assetId).timed.length > 0;
  const areaTop = AREA_TOP + (commented ? LANE_HEIGHT : 0);
  const area: BlockArea = useMemo(
    () => ({ top: areaTop, height: Math.max(20, box.height - areaTop - 4), lanes }),
    [areaTop, box.height, lanes],
  );

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      setBox({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const repaint = (): void => {
      setThemeVersion((version) => version + 1);
    };
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', repaint);
    const observer = new MutationObserver(repaint);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'lang'] });
    return () => {
      scheme.removeEventListener('change', repaint);
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || box.width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(box.width * ratio);
    element.height = Math.round(box.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawTimeline(
      context,
      {
        view,
        height: box.height,
        rate,
        index,
        blocks,
        area,
        selected,
        inUs: marks.inUs,
        outUs: marks.outUs,
        nameOf: (block) => (block.label === '' ? t('reel.range', { n: block.number }) : block.label),
      },
      readTheme(element),
    );
  }, [view, box, rate, index, blocks, area, selected, marks, themeVersion, t]);

  // The playhead moves without rendering; the page turns when it leaves it.
  useEffect(() => {
    const element = head.current;
    if (player === null || element === null) return;
    let last = player.get().timeUs;
    const place = (): void => {
      const state = player.get();
      const us = Math.max(0, state.timeUs);
      const x = xOf(view, us);
      // Out of sight it waits at the edge, and the keyboard still reaches it.
      element.style.transform = `translateX(${String(Math.round(Math.min(view.widthPx, Math.max(0, x))))}px)`;
      element.classList.toggle('is-outside', x < -1 || x > view.widthPx + 1);
      element.setAttribute('aria-valuenow', String(Math.round(us / 1000)));
      element.setAttribute('aria-valuetext', timecode(us, rate));
      if (state.timeUs !== last && reveal(view, us, closest) !== view) setView(reveal(view, us, closest));
      last = state.timeUs;
    };
    place();
    return player.subscribe(place);
  }, [player, view, rate, closest]);

  useEffect(
    () =>
      onZoom((how) => {
        if (how === 'fit') {
          setView(fitView(durationUs, box.width));
          return;
        }
        const at = xOf(view, player?.get().timeUs ?? 0);
        const anchor = at >= 0 && at <= view.widthPx ? at : view.widthPx / 2;
        setView(zoomAt(view, how === 'in' ? 1.6 : 1 / 1.6, anchor, closest));
      }),
    [view, closest, durationUs, box.width, player],
  );

  const cursor = useTimelinePointer({
    canvas,
    view,
    setView,
    closest,
    blocks,
    area,
    workspace,
    studio,
    player,
  });

  return (
    <div className="timeline" role="group" aria-label={t('timeline.label')}>
      <div className="timeline-stage" ref={holder}>
        <canvas ref={canvas} aria-hidden="true" data-testid="timeline-canvas" style={{ cursor }} />
        {commented && box.width > 0 ? <CommentLane view={view} top={AREA_TOP - 2} rate={rate} /> : null}
        <div
          ref={head}
          className="playhead"
          role="slider"
          tabIndex={0}
          aria-label={t('timeline.playhead')}
          aria-valuemin={0}
          aria-valuemax={Math.round(durationUs / 1000)}
          aria-valuenow={0}
        />
      </div>
      <div className="timeline-foot">
        <span className="timeline-info">
          {indexing !== null
            ? t('timeline.indexing', { percent: indexing })
            : index === null
              ? ''
              : index.complete
                ? t('timeline.keyFrames', { count: keyFrameTimes(index).length })
                : t('timeline.incomplete', { time: timecode(index.endUs, rate) })}
        </span>
        <Overview view={view} blocks={blocks} closest={closest} onChange={setView} />
        <span className="timeline-zoom">
          <IconButton
            icon="minus"
            size={14}
            label={t('timeline.zoomOut')}
            hint="−"
            onClick={() => {
              setView(zoomAt(view, 1 / 1.6, view.widthPx / 2, closest));
            }}
          />
          <input
            type="range"
            aria-label={t('timeline.zoom')}
            min={0}
            max={1}
            step={0.01}
            value={scaleToSlider(view, closest)}
            style={{ '--filled': `${String(scaleToSlider(view, closest) * 100)}%` }}
            onChange={(event) => {
              const wanted = sliderToScale(event.target.valueAsNumber, view, closest);
              const at = xOf(view, player?.get().timeUs ?? 0);
              const anchor = at >= 0 && at <= view.widthPx ? at : view.widthPx / 2;
              setView(zoomAt(view, view.usPerPx / wanted, anchor, closest));
            }}
          />
          <IconButton
            icon="plus"
            size={14}
            label={t('timeline.zoomIn')}
            hint="+"
            onClick={() => {
              setView(zoomAt(view, 1.6, view.widthPx / 2, closest));
            }}
          />
          <IconButton
            icon="fit"
            size={14}
            label={t('timeline.fit')}
            onClick={() => {
              setView(fitView(durationUs, view.widthPx));
            }}
          />
        </span>
      </div>
    </div>
  );
}
