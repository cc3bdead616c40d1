import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { denoProgram, kernelArguments, kernelVariables } from './deno.ts';

/** What a cell shows, as a notebook file holds it. */
export type Output =
  | { readonly output_type: 'stream'; readonly name: string; readonly text: string }
  | { readonly output_type: 'display_data'; readonly data: MediaBundle; readonly metadata: object }
  | {
      readonly output_type: 'execute_result';
      readonly data: MediaBundle;
      readonly metadata: object;
      readonly execution_count: number;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };
export type MediaBundle = Readonly<Record<string, unknown>>;

interface Message {
  readonly header: { readonly msg_id: string; readonly msg_type: string };
  readonly parent: { readonly msg_id?: string };
  readonly content: Record<string, unknown>;
}

/** Outputs may come after the kernel says that it is idle: so long, in milliseconds, it is listened to. */
const GRACE = 150;
/** How often a kernel that starts is asked whether it is there, in milliseconds. */
const GREETING = 200;

const delimiter = '<IDS|MSG>';

/** A kernel of Deno that executes cells of TypeScript, one after the other, by Jupyter's protocol (version 5.3). */
export class Kernel {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #key: string;
  readonly #shell = new Dealer();
  readonly #news = new Subscriber();
  readonly #session = randomUUID();
  /** Never fulfilled; rejected when the process ends. */
  readonly #ended: Promise<never>;
  #complaints = '';
  /** Who waits for messages that answer a request. */
  readonly #listeners = new Map<string, (message: Message) => void>();

  private constructor(process: ChildProcess, folder: string, key: string) {
    this.#process = process;
    this.#folder = folder;
    this.#key = key;
    process.stderr?.on('data', (text) => {
      this.#complaints += text;
    });
    this.#ended = once(process, 'exit').then(([code, signal]) => {
      throw new Error(`the kernel ended (${code ?? signal}) while it was working\n${this.#complaints}`);
    });
    this.#ended.catch(() => {});
  }

  /** Starts a kernel in a folder, with further environment variables. */
  static async start(folder: string, variables: Readonly<Record<string, string>> = {}): Promise<Kernel> {
    const [shell, iopub, stdin, control, heartbeat] = await freePorts(5);
    const key = randomUUID();
    const temporary = await mkdtemp(join(tmpdir(), 'gradtape-kernel-'));
    const connection = join(temporary, 'connection.json');
    const ports = {
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: heartbeat,
    };
    const address = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256' };
    await writeFile(connection, JSON.stringify({ ...ports, ...address }));
    const started = spawn(denoProgram(), kernelArguments(connection), {
      cwd: folder,
      env: { ...process.env, ...kernelVariables, ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kernel = new Kernel(started, temporary, key);
    await kernel.#connect(`tcp://127.0.0.1:${shell}`, `tcp://127.0.0.1:${iopub}`);
    return kernel;
  }

  /** Executes a cell; what it shows, in order. An exception is an output, too. */
  async execute(code: string): Promise<Output[]> {
    const outputs: Output[] = [];
    let isIdle = false;
    let isAnswered = false;
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    await this.#request('execute_request', content, ({ header, content }) => {
      if (header.msg_type === 'status' && content.execution_state === 'idle') isIdle = true;
      else if (header.msg_type === 'execute_reply') isAnswered = true;
      else addOutput(outputs, header.msg_type, content);
      return isIdle && isAnswered;
    });
    return outputs;
  }

  /** Ends the kernel, whatever it does. */
  async stop(): Promise<void> {
    const isRunning = this.#process.exitCode === null && this.#process.signalCode === null;
    if (isRunning) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    this.#shell.close();
    this.#news.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #connect(shell: string, news: string): Promise<void> {
    this.#shell.connect(shell);
    this.#news.connect(news);
    this.#news.subscribe();
    void this.#listen(this.#shell);
    void this.#listen(this.#news);
    // What is asked before the kernel listens to both sockets is lost: it is asked until news of it come, too.
    for (let isThere = false; !isThere; ) {
      const asked = this.#request('kernel_info_request', {}, ({ header }) => header.msg_type === 'status');
      isThere = await Promise.race([asked.then(() => true), pause(GREETING, false)]);
    }
    await pause(GRACE);
  }

  /** Sends a request, and hands over every message that answers it until one is the last; then some more for a moment. */
  async #request(type: string, content: object, isLast: (message: Message) => boolean): Promise<void> {
    const id = randomUUID();
    const done = new Promise<void>((resolve) => {
      this.#listeners.set(id, (message) => {
        if (isLast(message)) resolve();
      });
    });
    const header = { msg_id: id, msg_type: type, session: this.#session, username: '', version: '5.3', date: '' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    await this.#shell.send([delimiter, sign(this.#key, parts), ...parts]);
    await Promise.race([done, this.#ended]);
    await pause(GRACE);
    this.#listeners.delete(id);
  }

  async #listen(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === delimiter);
      const [header, parent, , content] = frames.slice(start + 2).map((frame) => JSON.parse(frame.toString()));
      this.#listeners.get(parent.msg_id)?.({ header, parent, content });
    }
  }
}

function sign(key: string, parts: readonly string[]): string {
  const signature = createHmac('sha256', key);
  for (const part of parts) signature.update(part);
  return signature.digest('hex');
}

function addOutput(outputs: Output[], type: string, content: Record<string, unknown>): void {
  const last = outputs.at(-1);
  if (type === 'stream' && last?.output_type === 'stream' && last.name === content.name) {
    outputs[outputs.length - 1] = { ...last, text: `${last.text}${content.text}` };
  } else if (type === 'stream' || type === 'display_data' || type === 'execute_result' || type === 'error') {
    const { transient: _, ...kept } = content;
    outputs.push({ output_type: type, ...kept } as Output);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
