/** The fin over the step line, as in `assets/icon.svg`. */
export function BrandMark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" className="brand-mark">
      <rect x="2" y="2" width="60" height="60" rx="14" />
      <path className="brand-fin" d="M14 42c8-1 15-9 17-27 9 5 15 15 16 27z" />
      <path className="brand-step" d="M10 47h9v-5h11v-5h10v5h14" />
    </svg>
  );
}
