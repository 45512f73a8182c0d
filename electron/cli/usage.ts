/** What `modshark --help` prints. */
export const usage = `modshark: who holds each reference to a Linux kernel module, and how to make them let go

  modshark [FILE]                  open the window, on FILE if given
  modshark why [MODULE]            who holds it now, and what to do to unload it: modshark why --help
  modshark record [MODULE…]        record the live system into a file: modshark record --help
      --check                      say what stands in the way of it
  modshark explain [MODULE] FILE   say it as text: modshark explain [MODULE] FILE [--at TIME] [--json]
  modshark export FILE …           write pictures, tables, a trace for Perfetto or a report: modshark export --help
  modshark serve [FILE]            serve the window to a browser of this machine and print its address
      --port N                     on this port instead of any free one
      --shared                     to more than one window at a time
  modshark --version
  modshark --help

FILE is what trace-cmd report, perf script, or the files trace and trace_pipe of tracefs print; gzip is read as it is.
`;
