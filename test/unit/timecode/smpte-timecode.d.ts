/** The few parts of the oracle that the tests use: the package has no types. */
declare module 'smpte-timecode' {
  interface SmpteTimecode {
    readonly frameCount: number;
    toString(): string;
  }
  const Timecode: new (
    timecode: number | string,
    rate: number | readonly [number, number],
    dropFrame: boolean,
  ) => SmpteTimecode;
  export default Timecode;
}
