import type { ReactNode } from 'react';

/** The icons, drawn on a grid of 16. */
const SHAPES = {
  play: (
    <path
      d="M4.5 2.9v10.2c0 .5.5.8.9.5l8-5.1c.4-.2.4-.8 0-1l-8-5.1c-.4-.3-.9 0-.9.5Z"
      fill="currentColor"
      stroke="none"
    />
  ),
  pause: <path d="M4 3h3v10H4zM9 3h3v10H9z" fill="currentColor" stroke="none" />,
  start: <path d="M3.5 3v10M12.5 3.5v9L6 8z" fill="currentColor" strokeLinejoin="round" />,
  end: <path d="M12.5 3v10M3.5 3.5v9L10 8z" fill="currentColor" strokeLinejoin="round" />,
  back: <path d="M10.5 3.5 6 8l4.5 4.5M4 3.5v9" />,
  forward: <path d="M5.5 3.5 10 8l-4.5 4.5M12 3.5v9" />,
  sound: <path d="M2.5 6v4H5l3.5 3V3L5 6H2.5Zm8.5-.5a3.5 3.5 0 0 1 0 5M12.7 3.8a6 6 0 0 1 0 8.4" />,
  mute: <path d="M2.5 6v4H5l3.5 3V3L5 6H2.5Zm8.5.2 3.6 3.6m0-3.6L11 9.8" />,
  full: <path d="M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10" />,
  shrink: <path d="M6 2.5V6H2.5m11 0H10V2.5m0 11V10h3.5m-11 0H6v3.5" />,
  undo: <path d="M5.5 3 2.5 6l3 3M3 6h6.2a3.8 3.8 0 0 1 0 7.5H6" />,
  redo: <path d="m10.5 3 3 3-3 3M13 6H6.8a3.8 3.8 0 0 0 0 7.5H10" />,
  gauge: <path d="M2.6 12.4a6.3 6.3 0 1 1 10.8 0M8 9.6l3-3.4M8 9.6v.1" />,
  keyboard: <path d="M1.8 4h12.4v8H1.8zM4 6.3h.1m2 0h.1m2 0h.1m2 0h.1m2 0h.1M4 9.8h.1m2 0h4m2 0h.1" />,
  sun: (
    <path d="M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Zm0-3.5V3m0 10v1.5M1.5 8H3m10 0h1.5M3.4 3.4l1 1m7.2 7.2 1 1m0-9.2-1 1m-7.2 7.2-1 1" />
  ),
  moon: <path d="M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z" />,
  system: <path d="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />,
  shield: <path d="M8 1.8 13 3.5v4c0 3.2-2 5.5-5 6.7-3-1.2-5-3.5-5-6.7v-4L8 1.8Zm-2.2 6 1.6 1.6 3-3.2" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  folder: <path d="M1.8 12.5v-9h4.4l1.5 1.8h6.5v7.2z" />,
  file: <path d="M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.3h3.3" />,
  film: <path d="M2 3h12v10H2zM5 3v10m6-10v10M2 6.3h3m-3 3.4h3m6-3.4h3m-3 3.4h3" />,
  wave: <path d="M2 7v2m2.4-4v6m2.4-8.5v11M9.2 5v6m2.4-7.5v9M14 7v2" />,
  trash: <path d="M2.8 4.3h10.4M6.3 4V2.5h3.4V4M4 4.5l.6 9h6.8l.6-9M6.7 7v4m2.6-4v4" />,
  close: <path d="m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4" />,
  check: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  warning: <path d="M8 2.2 14.3 13H1.7L8 2.2Zm0 4.3v3m0 1.7v.1" />,
  info: <path d="M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Zm0 5.4v3.6M8 5v.1" />,
  grip: <path d="M6 4h.1M6 8h.1M6 12h.1M10 4h.1M10 8h.1M10 12h.1" strokeWidth="1.9" />,
  up: <path d="m4 9.8 4-4 4 4" />,
  down: <path d="m4 6.2 4 4 4-4" />,
  right: <path d="m6.2 4 4 4-4 4" />,
  duplicate: <path d="M5.5 5.5h8v8h-8zM10.5 5.3V2.5h-8v8h2.8" />,
  download: <path d="M8 2.5v7.3m-3-3 3 3 3-3M2.8 12v1.5h10.4V12" />,
  options: <path d="M3.5 8h.1M8 8h.1m4.3 0h.1" strokeWidth="2" />,
  lock: <path d="M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2" />,
  link: (
    <path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 1 0-3.7-3.7l-.9.9m1 2.7a2.6 2.6 0 0 0-3.7 0L3.2 9.1a2.6 2.6 0 1 0 3.7 3.7l.9-.9" />
  ),
  fit: <path d="M2 3v10M14 3v10M4.5 8h7m-5-2-2 2 2 2m3-4 2 2-2 2" />,
  markIn: <path d="M9.5 3H6v10h3.5" strokeWidth="1.8" />,
  markOut: <path d="M6.5 3H10v10H6.5" strokeWidth="1.8" />,
  loop: <path d="M3 8V6.5A2.5 2.5 0 0 1 5.5 4H12m-2-2 2 2-2 2m3 2v1.5a2.5 2.5 0 0 1-2.5 2.5H4m2 2-2-2 2-2" />,
  retry: <path d="M13 3.5V7H9.5M12.7 7a5 5 0 1 0 .2 2.8" />,
  pin: <path d="M6 2h4l-.5 4.5L12 9H4l2.5-2.5L6 2Zm2 7v5" />,
  history: <path d="M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.5 2.8v2.7h2.7M8 5v3.2l2.2 1.4" />,
  sliders: (
    <path d="M2 4.5h5m4 0h3M2 11.5h3m4 0h5M9 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4ZM7 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
  ),
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm3.3 7.8 3.2 3.2" />,
  left: <path d="m9.8 4-4 4 4 4" />,
  ranges: <path d="M2 4h7v2.6H2zM5.5 9.4H14V12H5.5z" />,
  compare: <path d="M2 3.5h5v9H2zM9 3.5h5v9H9z" />,
  comment: <path d="M2.5 3h11v8H8.3l-3.1 2.6V11H2.5z" />,
  reply: <path d="M6.3 3.5 2.5 7l3.8 3.5M2.8 7h6.4a4 4 0 0 1 4 4v1.5" />,
  edit: <path d="m3 13 .7-3L10.9 2.8a1 1 0 0 1 1.4 0l.9.9a1 1 0 0 1 0 1.4L6 12.3 3 13Z" />,
  eye: (
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z" />
  ),
  eyeOff: <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM3 13 13 3" />,
  box: <path d="M2.5 3.5h11v9h-11z" />,
  ellipse: <path d="M8 3.2c3.3 0 6 2.1 6 4.8s-2.7 4.8-6 4.8S2 10.7 2 8s2.7-4.8 6-4.8Z" />,
  arrow: <path d="M2.8 13.2 13 3M6.8 3H13v6.2" />,
  freehand: (
    <path d="M2 10.5c2-5 4.2-6.6 5-5.2.9 1.6-2.6 5-1.4 6.2C7 12.8 9.7 6.6 11 7.6c1.2.9-.7 3 .3 3.7.7.5 1.7 0 2.7-.8" />
  ),
  text: <path d="M3 4.8V3h10v1.8M8 3v10M6 13h4" />,
  here: <path d="M8 2v3m0 6v3M2 8h3m6 0h3M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z" />,
  filter: <path d="M2 3.5h12L9.5 8.7v4.3l-3-1.5V8.7z" />,
  send: <path d="M8 13V3.5m-4 4 4-4 4 4" />,
  shapes: <path d="M2.5 2.5h6v6h-6zM10.5 7.5a3 3 0 1 1-3 3" />,
  share: <path d="M8 10V2.5m-3 3 3-3 3 3M3 8.5v5h10v-5" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** A small picture beside or instead of words; silent for screen readers. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}

/** The mark of the product: a moment kept between in and out. */
export function Logo({ size = 20 }: { readonly size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M10 5H5v22h5M22 5h5v22h-5" fill="none" stroke="currentColor" strokeWidth="3.2" />
      <path
        d="M12.5 10.6v10.8c0 .7.8 1.1 1.3.7l7.6-5.4c.5-.3.5-1.1 0-1.4l-7.6-5.4c-.5-.4-1.3 0-1.3.7Z"
        fill="var(--playhead)"
      />
    </svg>
  );
}
