import { describe, expect, it } from 'vitest';
import { knowCallSite, stripSymbol } from '../../../shared/analysis/call-sites/know-call-site.ts';
import { holderSort } from '../../../shared/analysis/holder-kinds.ts';

describe('what is known of a call site', () => {
  it('a symbol is found without what the compiler and the resolver append', () => {
    expect(stripSymbol('blkdev_get_by_dev.part.0')).toBe('blkdev_get_by_dev');
    expect(stripSymbol('tcp_ca_find_autoload.constprop.0')).toBe('tcp_ca_find_autoload');
    expect(stripSymbol('__nft_match_destroy.isra.0.cold')).toBe('__nft_match_destroy');
    expect(stripSymbol('chrdev_open+0x1c/0x40')).toBe('chrdev_open');
    expect(knowCallSite('blkdev_get_by_dev.part.0', undefined, 'get').kind).toBe('block-open');
  });

  it('a put that prints its caller, because of a tail call, is known by the function that it called', () => {
    const put = knowCallSite('path_mount', undefined, 'put');
    expect(put.names).toContain('put_filesystem');
    expect(knowCallSite('get_filesystem', undefined, 'get').releasedBy.has('put_filesystem')).toBe(true);
  });

  it('a symbol that lives in another module than the one printed was resolved to the wrong code', () => {
    expect(knowCallSite('drm_stub_open', 'drm', 'get').kind).toBe('drm-file');
    expect(knowCallSite('drm_stub_open', undefined, 'get').kind).toBe('drm-file');
    expect(knowCallSite('drm_stub_open', 'usb_common', 'get').meaning).toBe('');
  });

  it('of an unknown symbol only the name speaks, and of an address nothing', () => {
    expect(knowCallSite('my_open', 'testmod_hold', 'get')).toMatchObject({ kind: 'process-fd', certainty: -1 });
    expect(knowCallSite('my_release', 'testmod_hold', 'put').kinds).toEqual(['process-fd']);
    expect(knowCallSite('_note_10', 'usb_common', 'get')).toMatchObject({ kind: 'unknown', certainty: -1 });
    expect(knowCallSite('0xffffffffc02a9c0d', undefined, 'get')).toMatchObject({ kind: 'unknown', certainty: -1 });
  });

  it('names that JavaScript objects have by themselves are unknown too', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(knowCallSite(name, undefined, 'get').kind).toBe('unknown');
      expect(knowCallSite(name, undefined, 'put').kind).toBe('unknown');
      expect(holderSort(name).noun).toBe('device');
    }
  });
});
