/** Reading packet headers: windows for the probe, whole tracks for the index, and where a cut file really ends. */
import type { EncodedPacket, EncodedPacketSink } from 'mediabunny';
import { packetTable, type PacketTable } from './frame-index.ts';

const HEADERS = { metadataOnly: true } as const;

/** Microseconds (not rounded) of a packet. */
const timeOf = (packet: EncodedPacket): number => packet.timestamp * 1e6;

function add(table: PacketTable, packet: EncodedPacket): void {
  table.times.push(timeOf(packet));
  table.durations.push(packet.duration * 1e6);
  table.keys.push(packet.type === 'key');
}

/** The first packets of a track in decode order, and whether they are all it has. */
export interface Window {
  readonly table: PacketTable;
  readonly whole: boolean;
}

/**
 * Reads about `count` packets from the start, up to a place where everything read is shown before everything that
 * follows (reordering would leave holes otherwise).
 */
export async function readWindow(sink: EncodedPacketSink, count: number): Promise<Window> {
  const table = packetTable();
  let highest = -Infinity;
  let packet = await sink.getFirstPacket(HEADERS);
  while (packet !== null) {
    // A stream that never closes a group (timestamps run backwards) must not be read to its end here.
    if (table.times.length >= count && (timeOf(packet) >= highest || table.times.length >= count * 2)) {
      return { table, whole: false };
    }
    add(table, packet);
    highest = Math.max(highest, timeOf(packet));
    packet = await sink.getNextPacket(packet, HEADERS);
  }
  return { table, whole: true };
}

/**
 * Reads all packet headers. A throw midway ends the table: `complete` is false then. `onTime` gets the file time
 * reached, a few times a second.
 */
export async function readAll(
  sink: EncodedPacketSink,
  onTime: (timeUs: number) => void,
): Promise<{ readonly table: PacketTable; readonly complete: boolean; readonly error: unknown }> {
  const table = packetTable();
  let told = performance.now();
  try {
    let packet = await sink.getFirstPacket(HEADERS);
    while (packet !== null) {
      add(table, packet);
      if ((table.times.length & 255) === 0 && performance.now() - told > 100) {
        told = performance.now();
        onTime(timeOf(packet));
      }
      packet = await sink.getNextPacket(packet, HEADERS);
    }
    return { table, complete: true, error: null };
  } catch (error) {
    return { table, complete: false, error };
  }
}

/** Whether the bytes of the packet shown at a time are in the file. */
async function isThere(sink: EncodedPacketSink, timeUs: number): Promise<boolean> {
  try {
    // Half a microsecond ahead: the seconds were rounded on their way here.
    return (await sink.getPacket((timeUs + 0.5) / 1e6)) !== null;
  } catch {
    return false;
  }
}

/**
 * How many packets of the table (in decode order) have their bytes in the file. A header may promise more than a cut
 * file holds. Packets are stored in decode order, so one search finds the place.
 */
export async function countThere(sink: EncodedPacketSink, table: PacketTable): Promise<number> {
  const { times } = table;
  const there = (i: number): Promise<boolean> => isThere(sink, times[i] ?? 0);
  if (times.length === 0 || (await there(times.length - 1))) return times.length;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await there(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first rows of a table. */
export function head(table: PacketTable, count: number): PacketTable {
  return {
    times: table.times.slice(0, count),
    durations: table.durations.slice(0, count),
    keys: table.keys.slice(0, count),
  };
}
