import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { reportFault } from '../state/report-fault.ts';
import { IconButton } from './icon-button.tsx';

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), reportFault);
  return (
    <IconButton name={label} onClick={copy}>
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span className="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </IconButton>
  );
}

/** Commands for a shell, to be copied. */
export function CommandBlock({ commands, label }: { readonly commands: string; readonly label: string }) {
  return (
    <div className="command-block">
      <pre>
        <code>{commands}</code>
      </pre>
      <CopyButton text={commands} label={label} />
    </div>
  );
}
