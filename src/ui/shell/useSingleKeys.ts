import { useState } from 'react';

const NAME = 'reelkeep.singleKeys';

/** Whether keys without Ctrl or Alt are shortcuts; remembered where the browser lets the page remember things. */
export function useSingleKeys(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(read);
  const change = (next: boolean): void => {
    setOn(next);
    try {
      localStorage.setItem(NAME, next ? 'on' : 'off');
    } catch {
      // Not allowed here: it holds for this visit.
    }
  };
  return [on, change];
}

function read(): boolean {
  try {
    return localStorage.getItem(NAME) !== 'off';
  } catch {
    return true;
  }
}
