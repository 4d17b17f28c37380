/** Sound: fetched in stretches, handed to the sound device about a second before it is heard. */
import type { PlaybackSound } from '../contract/playback.ts';
import type { PlaybackLink } from './link.ts';

/** How much is scheduled ahead of what is heard. */
const AHEAD_US = 1_000_000;
/** How much is fetched at a time. */
const STRETCH_US = 500_000;
/** Time between the decision to play and the first sample: the device's own buffer must be caught. */
const LEAD_SECONDS = 0.05;

/** The sound of one stretch of playing. Its clock is the master: ears notice what eyes do not. */
export class SoundRun {
  readonly #link: PlaybackLink;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #wake: () => void;
  readonly #fromUs: number;
  readonly #rate: number;
  readonly #nodes = new Set<AudioBufferSourceNode>();
  #queue: PlaybackSound[] = [];
  /** Context time at which `fromUs` is heard. */
  #startSeconds: number | null = null;
  #fetchedUs: number;
  #fetching = true;
  #got = false;
  #ended = false;
  #stopped = false;

  /** `wake` is called when a stretch ended: also in a hidden tab, which gets no animation frames. */
  constructor(
    link: PlaybackLink,
    context: AudioContext,
    gain: GainNode,
    { fromUs, rate, wake }: { readonly fromUs: number; readonly rate: number; readonly wake: () => void },
  ) {
    this.#link = link;
    this.#context = context;
    this.#gain = gain;
    this.#fromUs = fromUs;
    this.#fetchedUs = fromUs;
    this.#rate = rate;
    this.#wake = wake;
    void link
      .request((api) => api.startSound(fromUs))
      .then((result) => {
        this.#fetching = false;
        if (result.ok) this.pump();
        else this.#ended = true;
      });
  }

  /** Whether there is sound to begin with and a device that plays. */
  get ready(): boolean {
    return this.#got && this.#context.state === 'running';
  }

  /** Whether there is nothing to be heard at all from here on. */
  get silent(): boolean {
    return this.#ended && !this.#got;
  }

  /** Whether all sound is fetched; it ends at `endUs`. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Where the fetched sound ends. */
  get endUs(): number {
    return this.#fetchedUs;
  }

  /** What the device's clock says, seconds: stands still when the device is gone. */
  get deviceSeconds(): number {
    return this.#context.currentTime;
  }

  /** Starts to be heard. */
  begin(): void {
    this.#startSeconds = this.#context.currentTime + LEAD_SECONDS;
    this.#schedule();
  }

  /** What is heard now, microseconds of the asset. */
  positionUs(): number {
    if (this.#startSeconds === null) return this.#fromUs;
    // What the device says it still has to play is scheduled, but not heard yet.
    const latency = Number.isFinite(this.#context.outputLatency) ? this.#context.outputLatency : 0;
    const seconds = this.#context.currentTime - this.#startSeconds - latency;
    return this.#fromUs + seconds * 1e6 * this.#rate;
  }

  /** Fetches where there is room. */
  pump(): void {
    if (this.#fetching || this.#ended || this.#stopped) return;
    if (this.#fetchedUs - this.positionUs() > AHEAD_US * this.#rate) return;
    this.#fetching = true;
    void this.#link
      .request((api) => api.nextSound(STRETCH_US * this.#rate))
      .then((result) => {
        this.#fetching = false;
        if (this.#stopped) return;
        if (!result.ok || result.value.length === 0) {
          this.#ended = true;
          return;
        }
        this.#got = true;
        this.#queue.push(...result.value);
        for (const sound of result.value) {
          const length = ((sound.channels[0]?.length ?? 0) * 1e6) / sound.sampleRate;
          this.#fetchedUs = Math.max(this.#fetchedUs, sound.startUs + length);
        }
        this.#schedule();
        this.pump();
      });
  }

  /** Silence at once. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    for (const node of this.#nodes) {
      node.onended = null;
      node.stop();
      node.disconnect();
    }
    this.#nodes.clear();
  }

  #schedule(): void {
    if (this.#startSeconds === null) return;
    for (const sound of this.#queue.splice(0)) this.#play(sound, this.#startSeconds);
  }

  #play({ startUs, sampleRate, channels }: PlaybackSound, startSeconds: number): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    const buffer = this.#context.createBuffer(channels.length, length, sampleRate);
    channels.forEach((channel, at) => {
      buffer.copyToChannel(channel as Float32Array<ArrayBuffer>, at);
    });
    const wanted = startSeconds + (startUs - this.#fromUs) / 1e6 / this.#rate;
    // The first stretch begins before the time that is played from, and a late one has its beginning behind it.
    const when = Math.max(wanted, startSeconds, this.#context.currentTime);
    const offset = (when - wanted) * this.#rate;
    if (offset >= buffer.duration) return;
    const node = this.#context.createBufferSource();
    node.buffer = buffer;
    node.playbackRate.value = this.#rate;
    node.connect(this.#gain);
    node.onended = () => {
      this.#nodes.delete(node);
      node.disconnect();
      this.#wake();
    };
    node.start(when, offset);
    this.#nodes.add(node);
  }
}
