import { meetCaptures } from '../capture/run-capture.ts';
import { showCapture } from '../capture/show-capture.ts';
import { connectToHost } from '../connect/connect-to-host.ts';
import { followUnloads } from '../present/follow-unloads.ts';
import { keepPresent } from '../present/keep-present.ts';
import { followRecording } from '../present/use-looking.ts';
import { keepView, recallOpened } from '../session/keep-view.ts';
import { beginWork } from '../state/activity.ts';
import { keepSettings } from '../state/keep-settings.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { meetTerminals } from '../terminal/terminals.ts';
import { openAny, openOffer } from './open-from.ts';

/** Finds the host, takes over its settings, and opens what it was started with. */
export async function meetHost(): Promise<void> {
  const ended = beginWork();
  try {
    keepView();
    const connection = await connectToHost();
    const state = useStore.getState();
    if (connection.kind === 'failed') return state.showProblem(connection.problem);
    if (connection.kind === 'none') return;
    const { client, host } = connection;
    state.changeSettings(await client.request('settings.read', null));
    state.showHost(client, host.canChoose);
    keepSettings(client);
    followRecording();
    followUnloads();
    keepPresent();
    client.on('trace.handed', ({ offer }) => void openAny(offer));
    client.onClose(() =>
      useStore.getState().showProblem({
        what: 'The connection to ModShark’s host was lost.',
        why: 'The program that serves this window was ended.',
        remedy: 'What is open stays readable. To open more, start ModShark again, or drop files on this window.',
      }),
    );
    useStore.setState({ boot: host.boot });
    await meetTerminals(client);
    const offers = await client.request('trace.offered', null);
    state.showOffers(offers);
    const named = offers.find(({ origin }) => origin === 'command-line');
    const opened = recallOpened();
    const isRecording = await meetCaptures(client);
    if (opened !== undefined) await openOffer(opened);
    // What still grows is shown until it ends: nothing waits for that.
    else if (isRecording) void showCapture();
    else if (named !== undefined) await openAny(named);
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}
