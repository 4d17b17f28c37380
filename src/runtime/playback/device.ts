/** The sound device of a player: opened when sound is first played, asleep while nothing plays. */
import type { PlaybackLink } from './link.ts';
import { SoundRun } from './sound.ts';

/** One device for all that a player plays. */
export class SoundDevice {
  readonly #open: () => AudioContext | null;
  #opened: { readonly context: AudioContext; readonly gain: GainNode } | null = null;
  /** A device that did not open is not tried again at every click. */
  #given = false;
  #volume = 1;

  constructor(open: () => AudioContext | null) {
    this.#open = open;
  }

  /** Starts fetching sound from a time; null where there is no device. `wake` is called as stretches end. */
  start(link: PlaybackLink, fromUs: number, rate: number, wake: () => void): SoundRun | null {
    const opened = this.#device();
    if (opened === null) return null;
    // Without a click on the page this waits; the run then starts without sound.
    void opened.context.resume().catch(() => undefined);
    return new SoundRun(link, opened.context, opened.gain, { fromUs, rate, wake });
  }

  /** 0..1. */
  setVolume(volume: number): void {
    this.#volume = volume;
    if (this.#opened !== null) this.#opened.gain.gain.value = volume;
  }

  /** A device that nobody listens to costs power. */
  sleep(): void {
    void this.#opened?.context.suspend().catch(() => undefined);
  }

  close(): void {
    this.#given = true;
    void this.#opened?.context.close().catch(() => undefined);
    this.#opened = null;
  }

  #device(): { readonly context: AudioContext; readonly gain: GainNode } | null {
    if (this.#given) return this.#opened;
    this.#given = true;
    try {
      const context = this.#open();
      if (context === null) return null;
      const gain = context.createGain();
      gain.gain.value = this.#volume;
      gain.connect(context.destination);
      this.#opened = { context, gain };
    } catch {
      // No device, or one that does not take the rate: pictures play without sound.
    }
    return this.#opened;
  }
}
