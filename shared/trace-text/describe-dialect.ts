import type { RecordingOrigin } from '../event-table/recording.ts';
import type { ByteText } from './decode-bytes.ts';
import type { Layout, LineContext, StampUnit } from './match-context.ts';

/** What was seen of the ways in which a text may print: enough to name its dialect. */
export class DialectTally {
  readonly layouts = new Set<Layout>();
  readonly units = new Set<StampUnit>();
  readonly flagWidths = new Set<number>();
  tgid = false;
  /** Whether some event's name was padded, as trace-cmd does. */
  paddedEvent = false;
  /** Whether some event was printed as `field=value`. */
  rawFields = false;
  prefixed = false;
  /** Digits behind the dot of the last stamp. */
  digits = 0;
  private tracefsHeader = false;
  private reportHeader = false;
  private clock: string | undefined;
  private boot: string | undefined;

  header(text: ByteText): void {
    // Once each, at the head of what ModShark recorded.
    const stated = /^# (clock|boot): ([\w-]{1,64})$/.exec(text);
    if (stated?.[1] === 'clock') this.clock ??= stated[2];
    else if (stated?.[1] === 'boot') this.boot ??= stated[2];
    else if (text.startsWith('# tracer:')) this.tracefsHeader = true;
    else if (/cpus=\d+$/.test(text)) this.reportHeader = true;
  }

  context(context: LineContext): void {
    this.layouts.add(context.layout);
    this.units.add(context.unit);
    if (context.layout === 'columns' || context.layout === 'latency') this.flagWidths.add(context.flagWidth);
    if (context.tgid >= 0) this.tgid = true;
    if (context.buffer !== undefined) this.prefixed = true;
    if (context.fraction.length > this.digits) this.digits = context.fraction.length;
  }

  /** The scanner's short form of `context`: it reads lines of the first layout, without a buffer's name. */
  columns(flagWidth: number, digits: number, tgid: boolean): void {
    this.layouts.add('columns');
    this.units.add(digits === 0 ? 'ticks' : 'seconds');
    this.flagWidths.add(flagWidth);
    if (tgid) this.tgid = true;
    if (digits > this.digits) this.digits = digits;
  }

  /** True where comms are printed with 8 of their 15 characters. */
  get cutsNames(): boolean {
    return this.layouts.has('latency');
  }

  /** Whether a header of tracefs was seen. */
  get fromTracefs(): boolean {
    return this.tracefsHeader;
  }

  get origin(): RecordingOrigin | undefined {
    const { clock, boot } = this;
    return clock === undefined || boot === undefined ? undefined : { clock, boot };
  }

  /** The dialect in a person's words. */
  describe(): string {
    const { layouts } = this;
    const report = this.reportHeader || this.paddedEvent || this.rawFields || this.prefixed;
    const parts: string[] = [];
    if (layouts.has('perf')) parts.push('perf script');
    if (!layouts.has('perf') || layouts.size > 1) {
      parts.push(report ? 'trace-cmd report' : this.tracefsHeader ? 'trace' : 'trace_pipe');
    }
    if (layouts.has('verbose')) parts.push('latency-format, verbose');
    else if (layouts.has('latency')) parts.push(report ? 'latency format (-l)' : 'latency-format');
    if (this.rawFields) parts.push('raw fields (-R)');
    const widths = [...this.flagWidths].sort((a, b) => a - b);
    if (widths.length > 0 && !(report && widths.every((width) => width === 0))) {
      parts.push(widths.every((width) => width === 0) ? 'no flags column' : `${widths.join(' or ')} flag characters`);
    }
    if (this.tgid) parts.push('tgid');
    if (this.digits === 9) parts.push('nanoseconds');
    if (this.units.has('ticks')) parts.push('bare time stamps');
    if (this.prefixed) parts.push('several buffers');
    return parts.join(', ');
  }
}
