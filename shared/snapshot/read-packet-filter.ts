import {
  indexAttributes,
  readAttributes,
  readBigEndian,
  readMessages,
  readString,
  withoutRepeats,
} from './read-netlink.ts';
import type { AddressSet, PacketChain, PacketObject, PacketRule } from './system-snapshot.ts';

/** Of struct nfgenmsg: the family first. */
const HEADER = 4;
/** NFTA_RULE_TABLE, NFTA_CHAIN_TABLE and their kind: the table is the first of each, what is in it differs. */
const TABLE = 1;

/** NFPROTO_… of linux/netfilter.h, as nft writes them. */
const families: ReadonlyMap<number, string> = new Map([
  [1, 'inet'],
  [2, 'ip'],
  [3, 'arp'],
  [5, 'netdev'],
  [7, 'bridge'],
  [10, 'ip6'],
]);

interface Item {
  readonly family: string;
  readonly table: string;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** @param name which attributes no two of a table have alike */
function readItems(text: string, name: readonly number[]): Item[] {
  const items = [...readMessages(text)].map(({ body }) => {
    const attributes = indexAttributes(body.subarray(HEADER));
    const family = families.get(body[0] ?? 0) ?? String(body[0] ?? 0);
    return { family, table: readString(attributes.get(TABLE)), attributes };
  });
  return withoutRepeats(items, ({ family, attributes }) =>
    [family, ...[TABLE, ...name].map((type) => attributes.get(type)?.join(' '))].join(),
  );
}

/** Chains of nf_tables; those that hang on no hook have no type. Source: nf_tables_fill_chain_info. */
export function readChains(text: string): PacketChain[] {
  return readItems(text, [3]).map(({ family, table, attributes }) => ({
    family,
    table,
    name: readString(attributes.get(3)),
    type: readString(attributes.get(7)),
  }));
}

/** Rules of nf_tables with the expressions that they are made of. Source: nf_tables_fill_rule_info. */
export function readRules(text: string): PacketRule[] {
  return readItems(text, [3]).map(({ family, table, attributes }) => ({
    family,
    table,
    chain: readString(attributes.get(2)),
    handle: readBigEndian(attributes.get(3)),
    expressions: [...readAttributes(attributes.get(4) ?? new Uint8Array())].map(({ value }) => {
      const expression = indexAttributes(value);
      const name = readString(expression.get(1));
      const isExtension = name === 'match' || name === 'target';
      return { name, extension: isExtension ? readString(indexAttributes(expression.get(2)).get(1)) : '' };
    }),
  }));
}

/** Named objects: counters, quotas, limits. Source: nf_tables_fill_obj_info. */
export function readObjects(text: string): PacketObject[] {
  return readItems(text, [2, 3]).map(({ family, table, attributes }) => ({
    family,
    table,
    name: readString(attributes.get(2)),
    type: Number(readBigEndian(attributes.get(3))),
  }));
}

/** Source: nf_tables_fill_flowtable_info. */
export function readFlowtables(text: string): Omit<PacketObject, 'type'>[] {
  return readItems(text, [2]).map(({ family, table, attributes }) => ({
    family,
    table,
    name: readString(attributes.get(2)),
  }));
}

/** Sets of ipset. Source: ip_set_dump_do, and the head of each type as in mtype_head. */
export function readSets(text: string): AddressSet[] {
  const sets = [...readMessages(text)].map(({ body }) => {
    const attributes = indexAttributes(body.subarray(HEADER));
    const references = indexAttributes(attributes.get(7)).get(25);
    return {
      name: readString(attributes.get(2)),
      type: readString(attributes.get(3)),
      references: Number(readBigEndian(references)),
    };
  });
  return withoutRepeats(
    sets.filter(({ type }) => type !== ''),
    ({ name }) => name,
  );
}
