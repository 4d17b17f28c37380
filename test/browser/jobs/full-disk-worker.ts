/** The real assembly worker on a disk that is full; the faults are in place before its code runs. */
import './full-disk-faults.ts';
import '../../../workers/assembly/worker.ts';
