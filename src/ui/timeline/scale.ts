/** The stretch of time that the time line shows, and where it lies on the screen. Pure. */
export interface View {
  readonly startUs: number;
  readonly usPerPx: number;
  readonly widthPx: number;
  readonly durationUs: number;
}

/** One frame is never drawn wider than this. */
const WIDEST_FRAME_PX = 28;

/** The scale at which the whole file fits. */
export function fitScale(durationUs: number, widthPx: number): number {
  return Math.max(1, durationUs) / Math.max(1, widthPx);
}

/** The closest scale: single frames can be told apart. */
export function closestScale(frameUs: number, durationUs: number, widthPx: number): number {
  return Math.min(fitScale(durationUs, widthPx), frameUs / WIDEST_FRAME_PX);
}

/** The whole file. */
export function fitView(durationUs: number, widthPx: number): View {
  return { startUs: 0, usPerPx: fitScale(durationUs, widthPx), widthPx, durationUs };
}

/** Keeps a view inside its file and its scale between "all of it" and "single frames". */
export function clampView(view: View, closest: number): View {
  const usPerPx = Math.min(fitScale(view.durationUs, view.widthPx), Math.max(closest, view.usPerPx));
  const last = Math.max(0, view.durationUs - usPerPx * view.widthPx);
  return { ...view, usPerPx, startUs: Math.min(last, Math.max(0, view.startUs)) };
}

/** Time to position. */
export function xOf(view: View, us: number): number {
  return (us - view.startUs) / view.usPerPx;
}

/** Position to time, not snapped. */
export function usAt(view: View, x: number): number {
  return view.startUs + x * view.usPerPx;
}

/** Zooms by a factor (above 1: closer) and keeps the time at `anchorX` where it is. */
export function zoomAt(view: View, factor: number, anchorX: number, closest: number): View {
  const anchorUs = usAt(view, anchorX);
  const wanted = view.usPerPx / factor;
  const usPerPx = Math.min(fitScale(view.durationUs, view.widthPx), Math.max(closest, wanted));
  return clampView({ ...view, usPerPx, startUs: anchorUs - anchorX * usPerPx }, closest);
}

/** Moves the view by a distance on the screen. */
export function panBy(view: View, px: number, closest: number): View {
  return clampView({ ...view, startUs: view.startUs + px * view.usPerPx }, closest);
}

/** The same stretch of time on a screen of another width; a view that fits goes on fitting. */
export function resizeView(view: View, widthPx: number, closest: number): View {
  const fitted = view.usPerPx >= fitScale(view.durationUs, view.widthPx) * 0.999;
  if (fitted) return fitView(view.durationUs, widthPx);
  return clampView({ ...view, widthPx }, closest);
}

/** Turns the page so that a time is visible; the same object when it is already. */
export function reveal(view: View, us: number, closest: number): View {
  const x = xOf(view, us);
  if (x >= 0 && x <= view.widthPx) return view;
  const margin = x < 0 ? 0.9 : 0.1;
  return clampView({ ...view, startUs: us - view.widthPx * margin * view.usPerPx }, closest);
}

/** Scale as the position of a slider: 0 is the whole file, 1 the closest. Logarithmic. */
export function scaleToSlider(view: View, closest: number): number {
  const fit = fitScale(view.durationUs, view.widthPx);
  if (fit <= closest) return 0;
  return Math.min(1, Math.max(0, Math.log(fit / view.usPerPx) / Math.log(fit / closest)));
}

/** Position of a slider to scale. */
export function sliderToScale(position: number, view: View, closest: number): number {
  const fit = fitScale(view.durationUs, view.widthPx);
  if (fit <= closest) return fit;
  return fit / (fit / closest) ** position;
}
