import { expect, it } from 'vitest';
import { loaded, makeSnapshot, running, socket } from '../../support/make-snapshot.ts';
import { tellPresent } from '../../support/tell-present.ts';

const processes = [running('700 cryptsetup'), running('701 kcapi-enc')];

it('sockets of two programs, all bound to one sort of algorithm, are told apart', () => {
  const alike = makeSnapshot({
    modules: [loaded('algif_hash 3')],
    processes,
    sockets: [socket('700/3 ALG'), socket('700/4 ALG'), socket('701/3 ALG')],
  });
  expect(tellPresent(alike)).toEqual([
    'algif_hash 3 = probably 2 for 1 bound socket of cryptsetup + probably 1 bound socket of kcapi-enc',
  ]);
});

it('sockets of two programs, bound to two sorts, are not: no list says which is whose', () => {
  const mixed = makeSnapshot({
    modules: [loaded('algif_hash 1'), loaded('algif_skcipher 1')],
    processes,
    sockets: [socket('700/3 ALG'), socket('701/3 ALG')],
  });
  expect(tellPresent(mixed)).toEqual(['algif_hash 1 = 1 unexplained', 'algif_skcipher 1 = 1 unexplained']);
});

it('nor where one of them may only have made its socket', () => {
  const unbound = makeSnapshot({
    modules: [loaded('algif_hash 1')],
    processes,
    sockets: [socket('700/3 ALG'), socket('701/3 ALG')],
  });
  expect(tellPresent(unbound)).toEqual(['algif_hash 1 = 1 unexplained']);
});
