import type { TraceBuffer, TracefsDescription } from './describe-tracefs.ts';

/** The same as text, to be copied into a report. */
export function printTracefs({
  place,
  kernel,
  availableTracers,
  options,
  top,
  instances,
  moduleEvents,
  others,
  unread,
}: TracefsDescription): string {
  return [
    `tracefs: ${place}`,
    `kernel: ${kernel}`,
    `available tracers: ${availableTracers.join(' ')}`,
    `trace options: ${options.join(' ')}`,
    '',
    ...printBuffer(top),
    ...instances.flatMap(printBuffer),
    ...moduleEvents.flatMap(({ name, enabled, filter, trigger, format }) => [
      `event ${name}: enable ${enabled}, filter ${filter}`,
      ...trigger.split('\n').map((line) => `  trigger ${line}`),
      ...format.split('\n').map((line) => `  ${line}`),
      '',
    ]),
    'who else traces:',
    ...(others.length === 0 ? ['  nobody, as far as can be seen'] : others.map((other) => `  ${other}`)),
    ...(unread.length === 0 ? [] : ['', 'not readable:', ...unread.map(({ name, why }) => `  ${name}: ${why}`)]),
    '',
  ].join('\n');
}

function printBuffer({ name, ours, on, tracer, clock, size, events, moreEvents }: TraceBuffer): string[] {
  return [
    name === '' ? 'top buffer' : `instance ${name}${ours ? ' (of ModShark)' : ''}`,
    `  tracing_on: ${on === undefined ? 'unknown' : on ? 1 : 0}`,
    `  current_tracer: ${tracer}`,
    `  trace_clock: ${clock}`,
    `  buffer_size_kb: ${size}`,
    `  enabled events: ${events.length === 0 ? 'none' : events.join(' ')}${moreEvents ? ' …' : ''}`,
    '',
  ];
}
