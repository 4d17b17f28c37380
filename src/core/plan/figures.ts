/**
 * Rough figures of what work costs on a machine of which nothing is known. Estimates start from them and are then learned (pace.ts);
 * the weights of progress, the order of steps and the length of chunks are made with them alone, so that they need no clock and
 * are the same tomorrow.
 */

/** Pixels per second that one worker of the ffmpeg engine decodes, filters and encodes. */
export const FFMPEG_PIXELS_PER_SECOND = 14_000_000;
/** Starting one command of the ffmpeg engine, milliseconds. */
export const COMMAND_MS = 350;
/** What decoding a picture costs to all that is done with it: for those before the first that is taken. */
export const DECODE_SHARE = 0.3;
/** How much slower a tone map makes pictures, which only ffmpeg does. */
export const TONE_MAP_FACTOR = 4;
/** Packets copied per millisecond. */
export const COPY_FRAMES_PER_MS = 20;
/** Seconds of sound per second, decoding and encoding. */
export const SOUND_SPEED = 40;
