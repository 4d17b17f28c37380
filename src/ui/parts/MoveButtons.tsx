/** The keyboard and touch way to do what dragging a row does: one place up, one place down. */
import { IconButton } from './controls.tsx';

/** Two buttons; the one that leads out of the list is off. */
export function MoveButtons({
  position,
  total,
  up,
  down,
  onMove,
}: {
  /** Place of the row in its list, from 0. */
  readonly position: number;
  readonly total: number;
  /** What the buttons are called. */
  readonly up: string;
  readonly down: string;
  readonly onMove: (to: number) => void;
}) {
  return (
    <>
      <IconButton
        icon="up"
        size={14}
        label={up}
        hint="Alt+↑"
        disabled={position === 0}
        onClick={() => {
          onMove(position - 1);
        }}
      />
      <IconButton
        icon="down"
        size={14}
        label={down}
        hint="Alt+↓"
        disabled={position === total - 1}
        onClick={() => {
          onMove(position + 1);
        }}
      />
    </>
  );
}
