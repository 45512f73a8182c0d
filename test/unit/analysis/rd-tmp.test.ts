import { test, expect } from 'vitest';
import { analyse } from '/work/main/shared/analysis/analyse.ts';
import { makeTable } from '/work/main/test/support/make-table.ts';
test('many cpus', () => {
  const lines: string[] = ['10 modprobe-9 load tun cpu0', '20 modprobe-9 put tun do_init_module 1 cpu0'];
  let at = 1000;
  for (let cpu = 0; cpu < 40000; cpu++) lines.push(`${at += 10} x-${cpu+10} get other misc_open ${cpu + 2} cpu${cpu}`);
  // misfits: every pair prints swapped
  for (let n = 0; n < 20000; n++) {
    const c = n % 2;
    lines.push(`${at += 100} a-1 get tun misc_open 3 cpu0`);
    lines.push(`${at += 100} b-2 get tun misc_open 2 cpu1`);
    lines.push(`${at += 100} a-1 put tun __fput 2 cpu0`);
    lines.push(`${at += 2000000} b-2 put tun __fput 1 cpu1`);
  }
  const table = makeTable(lines.join('\n'));
  const t = performance.now();
  const a = analyse({ ...table, countedRows: table.length });
  console.log(table.length, performance.now() - t, a.findings.length);
  const t2 = performance.now();
  analyse(table);
  console.log('uncounted', performance.now() - t2);
}, 600000);
