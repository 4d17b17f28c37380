/** What a full disk does to a file that is written in private storage: `?fault=write`, `short`, `flush` or `open`. */

/** The parts of these that the tests' types, which are those of a page, do not have. */
interface Access {
  write(data: ArrayBufferView, options?: { readonly at?: number }): number;
  flush(): void;
}
interface Handle {
  createSyncAccessHandle(): Promise<Access>;
}
const scope = globalThis as unknown as {
  readonly FileSystemSyncAccessHandle: { readonly prototype: Access };
  readonly FileSystemFileHandle: { readonly prototype: Handle };
};

/** Bytes that still fit. */
const ROOM_BYTES = 20_000;

const fault = new URL(self.location.href).searchParams.get('fault');
const full = (): DOMException => new DOMException('The disk is full.', 'QuotaExceededError');
let written = 0;

const access = scope.FileSystemSyncAccessHandle.prototype;
const write = Reflect.get(access, 'write');
access.write = function (data, options) {
  written += data.byteLength;
  if (written <= ROOM_BYTES || (fault !== 'write' && fault !== 'short'))
    return write.call(this, data, options);
  if (fault === 'write') throw full();
  const half = new Uint8Array(data.buffer, data.byteOffset, Math.floor(data.byteLength / 2));
  return write.call(this, half, options);
};
const flush = Reflect.get(access, 'flush');
access.flush = function () {
  if (fault === 'flush') throw full();
  flush.call(this);
};
const file = scope.FileSystemFileHandle.prototype;
const open = Reflect.get(file, 'createSyncAccessHandle');
file.createSyncAccessHandle = function () {
  if (fault === 'open') throw full();
  return open.call(this);
};
