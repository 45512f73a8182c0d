import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { defaultSettings, protocolVersion, type TraceOffer } from '../../shared/ipc/contract.ts';
import { createServer, type HostServer } from '../../shared/ipc/server.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import { createCaptureHandlers } from './capture/capture-handlers.ts';
import type { CaptureMeans } from './capture/capture-means.ts';
import { createRecorder } from './capture/create-recorder.ts';
import { lookAtThisSystem } from './capture/host-system.ts';
import { createSpoolFolder } from './capture/spool-folder.ts';
import { createGrantBook, type GrantBook } from './create-grant-book.ts';
import { createStoredJson } from './create-stored-json.ts';
import { createTicketBook } from './create-ticket-book.ts';
import type { AppFolders } from './find-app-folders.ts';
import type { UserFolders } from './find-user-folders.ts';
import { identifyFile } from './identify-file.ts';
import { listSamples } from './list-samples.ts';
import { locateRecording } from './locate-recording.ts';
import { openTraces, unknownTicket } from './open-traces.ts';
import { readBootId } from './read-boot-id.ts';
import { createSnapshotWatches, snapshotHandlers } from './snapshot/snapshot-handlers.ts';
import { storedSettings } from './stored-settings.ts';
import { createTerminals } from './terminal/create-terminals.ts';
import { terminalHandlers } from './terminal/terminal-handlers.ts';

export interface HostOptions {
  readonly kind: 'electron' | 'loopback';
  readonly app: AppFolders;
  readonly user: UserFolders;
  /** What the command line named, to be opened at once. */
  readonly files: readonly string[];
  /** The desktop's own dialog, where the entry point has one; undefined when it was dismissed. */
  readonly chooseFile?: () => Promise<string | undefined>;
  /** The same for where to save something. */
  readonly chooseTarget?: (name: string) => Promise<string | undefined>;
  /** What recordings are made with; this system unless said otherwise. */
  readonly means?: CaptureMeans;
  /** Whether the entry point answers GETs with what `Host.grants` has; else bytes go in frames. */
  readonly answersGets?: boolean;
  /** For what a developer should know and no user has to. */
  readonly complain: (message: string) => void;
}

/** The contract's host, whatever carries it: one for the program, one connection for each window. */
export interface Host {
  connect(transport: Transport): void;
  /** Bytes that its windows may fetch. */
  readonly grants: GrantBook;
  /** Tells every window to open a file now. */
  hand(path: string, origin: 'command-line' | 'dialog'): Promise<void>;
  /** Ends what runs on the windows' behalf; what was recorded is kept. */
  close(): Promise<void>;
}

const recentFiles = v.array(v.string());
const maxRecent = 12;

export function createHost(options: HostOptions): Host {
  const { kind, app, user, files, chooseFile, chooseTarget, complain } = options;
  const tickets = createTicketBook();
  const grants = createGrantBook();
  const settings = createStoredJson(join(user.config, 'settings.json'), storedSettings, defaultSettings, complain);
  const recent = createStoredJson<readonly string[]>(join(user.state, 'recent.json'), recentFiles, [], complain);
  const named = files.map((file) => resolve(file));
  const windows = new Set<HostServer>();
  const tell: HostServer['emit'] = (name, ...rest) => {
    for (const window of windows) window.emit(name, ...rest);
  };
  const means = options.means ?? { system: lookAtThisSystem(), called: 'modshark' };
  const spools = createSpoolFolder(user.state);
  const recorder = createRecorder({
    spools,
    onProgress: (capture, progress) => tell('capture.progress', { capture, progress }),
    onNotice: (capture, notice) => tell('capture.notice', { capture, notice }),
    onEnded: (capture, progress, ended) => tell('capture.ended', { capture, progress, ended }),
    onChanged: (state) => tell('capture.changed', { state: state ?? null }),
  });
  const watches = createSnapshotWatches(means, app.root);
  const terminals = createTerminals({ env: process.env, system: means.system, folder: user.state });

  async function offerFile(path: string, origin: TraceOffer['origin']): Promise<TraceOffer> {
    // A file that is not there is offered all the same: opening it says why, in the window.
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    return tickets.issue(path, origin, { bytes });
  }

  async function listOffers(): Promise<TraceOffer[]> {
    const samples = (await listSamples(app.samples)).map(async ({ path, about }) =>
      tickets.issue(path, 'sample', { bytes: (await stat(path)).size, about }),
    );
    const remembered = (await recent.read()).slice(0, maxRecent).map(async (path) => {
      const there = await stat(path).catch(() => undefined);
      return there?.isFile() ? [tickets.issue(path, 'recent', { bytes: there.size })] : [];
    });
    return [
      ...(await Promise.all(named.slice(0, 64).map((path) => offerFile(path, 'command-line')))),
      ...(await Promise.all(remembered)).flat(),
      ...(await Promise.all(samples)),
    ];
  }

  async function remember(path: string): Promise<void> {
    // The samples are offered anyway, however they were opened.
    if (dirname(path) === app.samples) return;
    await recent.update((paths) => [path, ...paths.filter((other) => other !== path)].slice(0, maxRecent));
  }

  return {
    grants,
    connect(transport) {
      const granting = options.answersGets === true ? grants : undefined;
      const traces = openTraces({
        tickets,
        grants: granting,
        remember,
        emit: (name, ...rest) => server.emit(name, ...rest),
      });
      const server = createServer(transport, {
        'host.describe': async () => ({
          protocol: protocolVersion,
          kind,
          version: app.version,
          boot: readBootId(),
          canChoose: chooseFile !== undefined,
        }),
        'trace.offered': () => listOffers(),
        'trace.choose': async () => {
          const path = await chooseFile?.();
          return path === undefined ? null : offerFile(path, 'dialog');
        },
        'trace.open': ({ ticket, byGet }) => traces.open(ticket, byGet),
        'trace.acknowledge': async ({ trace, sequence }) => {
          traces.acknowledge(trace, sequence);
          return null;
        },
        'trace.cancel': async ({ trace }) => {
          traces.cancel(trace);
          return null;
        },
        'trace.identify': async ({ ticket }) => {
          const path = tickets.redeem(ticket)?.path;
          return path === undefined ? { ok: false, problem: unknownTicket } : identifyFile(path);
        },
        'session.locate': async ({ ticket }) => {
          const path = tickets.redeem(ticket)?.path;
          if (path === undefined) return { state: 'failed', problem: unknownTicket };
          const found = await locateRecording(path);
          if ('problem' in found) return { state: 'failed', problem: found.problem };
          if (found.state === 'missing') return found;
          return { state: found.state, offer: await offerFile(found.path, 'session') };
        },
        'settings.read': () => settings.read(),
        'settings.write': async (given) => {
          await settings.update(() => given);
          return null;
        },
        ...createCaptureHandlers({
          recorder,
          spools,
          means,
          root: app.root,
          hasPane: true,
          traces,
          chooseTarget,
          offerSaved: async (path) => {
            await remember(path);
            return offerFile(path, 'dialog');
          },
        }),
        ...snapshotHandlers(watches, traces),
        ...terminalHandlers(terminals, () => server),
      });
      windows.add(server);
      transport.onClose(() => {
        windows.delete(server);
        traces.cancelAll();
        terminals.leave(server);
        // Nobody is left to look for: no helper stays root for nothing.
        if (windows.size === 0) watches.release('root');
      });
    },
    async hand(path, origin) {
      const offer = await offerFile(resolve(path), origin);
      tell('trace.handed', { offer });
    },
    close() {
      terminals.close();
      watches.release('root');
      watches.release('user');
      return recorder.close();
    },
  };
}
