/**
 * Threads as the platform has them: Node's worker threads or the browser's workers. What differs between the two is all
 * in this file.
 */

/** More threads than this gain little: they share the memory's bandwidth with each other and the machine with others. */
export const MOST_THREADS = 4;

/** Whether memory can be shared between threads here; on a page only if it is isolated from other origins. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
}

/** Threads that may work together here, the caller among them: one, where memory cannot be shared. */
export function threadCount(): number {
  return canShareMemory() ? Math.min(processors(), MOST_THREADS) : 1;
}

function processors(): number {
  const node = nodeModule('node:os');
  return node?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whether this thread may sleep: a page's main thread may not. */
export function mayWait(): boolean {
  const notItsValue = -1;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, notItsValue);
    return true;
  } catch {
    return false;
  }
}

/** A thread that was started. It ends with the program and does not keep it from ending. */
export interface StartedWorker {
  send(message: unknown): void;
  /** Ends it; `ended` is told when it surely has, which a browser never tells. */
  end(ended: () => void): void;
}

/**
 * Starts a thread that calls a function with every message sent to it; nothing where a content policy forbids it or a
 * permission is missing. The function comes as text, so that a bundler need not know of it.
 */
export function startWorker(receive: string): StartedWorker | undefined {
  try {
    const node = nodeModule('node:worker_threads');
    return node ? startInNode(node, receive) : startInBrowser(receive);
  } catch {
    return undefined;
  }
}

function startInNode(node: NodeModules['node:worker_threads'], receive: string): StartedWorker {
  const source = `require('node:worker_threads').parentPort.on('message', ${receive})`;
  const worker = new node.Worker(source, { eval: true, execArgv: [] });
  worker.on('error', () => {});
  worker.unref();
  return {
    send: (message) => worker.postMessage(message),
    end(ended) {
      worker.once('exit', ended);
      void worker.terminate();
    },
  };
}

function startInBrowser(receive: string): StartedWorker {
  const source = `const receive = ${receive}; onmessage = ({ data }) => receive(data);`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  worker.onerror = (event) => event.preventDefault();
  return {
    send: (message) => worker.postMessage(message),
    end: () => worker.terminate(),
  };
}

type NodeModules = {
  'node:os': typeof import('node:os');
  'node:worker_threads': typeof import('node:worker_threads');
};

/** A module of Node, without an import that a browser's bundler would follow. */
function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined;
}
