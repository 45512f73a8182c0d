/** A file of tracefs as it was read. */
export interface TracefsFact {
  /** Its path below tracefs; `place` is where that is, `kernel` what `uname -r` says. */
  readonly name: string;
  /** The errno of reading it; 0 when it could be read. */
  readonly error: number;
  readonly text: string;
  /** It is longer than what is here. */
  readonly cut: boolean;
}

/** One of the trace buffers. */
export interface TraceBuffer {
  /** Its instance's name; empty for the top one, which everybody shares. */
  readonly name: string;
  /** ModShark made it. */
  readonly ours: boolean;
  /** Undefined where it could not be read. */
  readonly on: boolean | undefined;
  readonly tracer: string;
  readonly clock: string;
  readonly size: string;
  /** The events that are enabled in it: `sched:sched_switch`. */
  readonly events: readonly string[];
  /** The list of them is longer than what is here. */
  readonly moreEvents: boolean;
}

/** One of the five module events. */
export interface ModuleEventFacts {
  readonly name: string;
  readonly enabled: string;
  readonly filter: string;
  readonly trigger: string;
  readonly format: string;
}

/** What there is to see in tracefs. */
export interface TracefsDescription {
  readonly place: string;
  readonly kernel: string;
  readonly availableTracers: readonly string[];
  readonly options: readonly string[];
  readonly top: TraceBuffer;
  readonly instances: readonly TraceBuffer[];
  /** Those that this kernel has. */
  readonly moduleEvents: readonly ModuleEventFacts[];
  /** Who traces beside us, in sentences; empty where nobody seems to. */
  readonly others: readonly string[];
  /** Files that could not be read, and why. */
  readonly unread: readonly { readonly name: string; readonly why: string }[];
}

const eventNames = ['module_load', 'module_free', 'module_get', 'module_put', 'module_request'];

/** Reads the files of tracefs as the helper gives them. What nobody could read stays empty, and is listed. */
export function describeTracefs(facts: readonly TracefsFact[]): TracefsDescription {
  const byName = new Map(facts.map((fact) => [fact.name, fact]));
  const read = (name: string) => {
    const fact = byName.get(name);
    return fact === undefined || fact.error !== 0 ? '' : fact.text.trim();
  };
  const names = new Set(
    facts.map(({ name }) => /^instances\/([^/]+)\//.exec(name)?.[1]).filter((name) => name !== undefined),
  );

  const describeBuffer = (name: string): TraceBuffer => {
    const folder = name === '' ? '' : `instances/${name}/`;
    const on = read(`${folder}tracing_on`);
    const events = read(`${folder}set_event`);
    return {
      name,
      ours: /^modshark-\d+$/.test(name),
      on: on === '' ? undefined : on === '1',
      tracer: read(`${folder}current_tracer`),
      clock: chosenOf(read(`${folder}trace_clock`)),
      size: read(`${folder}buffer_size_kb`),
      events: events === '' ? [] : events.split('\n'),
      moreEvents: byName.get(`${folder}set_event`)?.cut === true,
    };
  };

  const top = describeBuffer('');
  const instances = [...names].sort().map(describeBuffer);
  return {
    place: read('place'),
    kernel: read('kernel'),
    availableTracers: words(read('available_tracers')),
    options: words(read('trace_options')),
    top,
    instances,
    moduleEvents: eventNames
      .filter((event) => byName.get(`events/module/${event}/format`)?.error === 0)
      .map((event) => ({
        name: event,
        enabled: read(`events/module/${event}/enable`),
        filter: read(`events/module/${event}/filter`),
        trigger: read(`events/module/${event}/trigger`),
        format: read(`events/module/${event}/format`),
      })),
    others: [top, ...instances.filter(({ ours }) => !ours)].flatMap(tellOfTracing),
    unread: facts
      .filter(({ name, error }) => error !== 0 && !isAbsentEvent(name, error))
      .map(({ name, error }) => ({ name, why: explainErrno(error) })),
  };
}

/** A kernel may have fewer than the five events: that is no failure to read. */
function isAbsentEvent(name: string, error: number): boolean {
  return error === ENOENT && name.startsWith('events/module/module_');
}

function tellOfTracing({ name, on, tracer, events, moreEvents }: TraceBuffer): string[] {
  const what = [
    ...(tracer === '' || tracer === 'nop' ? [] : [`the tracer ${tracer}`]),
    ...(events.length === 0 ? [] : [countEvents(events, moreEvents)]),
  ];
  if (what.length === 0) return [];
  const where = name === '' ? 'The top buffer' : `The instance ${name}`;
  return [
    `${where} ${on === false ? 'is set up for' : 'records'} ${what.join(' and ')}${on === false ? ', but is switched off' : ''}.`,
  ];
}

function countEvents(events: readonly string[], more: boolean): string {
  const first = events.slice(0, 3).join(', ');
  if (events.length === 1 && !more) return `the event ${first}`;
  const rest = more ? ' and many more' : events.length > 3 ? ` and ${events.length - 3} more` : '';
  return `the events ${first}${rest}`;
}

/** `local global [mono]` → `mono`. */
function chosenOf(text: string): string {
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

const ENOENT = 2;
const errors: Readonly<Record<number, string>> = {
  1: 'the kernel forbids it',
  [ENOENT]: 'there is no such file',
  5: 'the kernel gave an error',
  13: 'not even root may',
  16: 'somebody else uses it',
  22: 'the kernel does not know it',
};

function explainErrno(error: number): string {
  return errors[error] ?? `error ${error}`;
}
